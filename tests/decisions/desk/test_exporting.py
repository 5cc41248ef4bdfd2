"""Files of many letters: the signed bytes, in order, resumable, each problem told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from decisions.consents.actions import record_consent, revoke_consent
from decisions.desk.actions import StepRefused
from decisions.desk.exporting import (
    ExportRefused,
    ask_for_export,
    file_of_letters,
    go_on,
    run_export,
)
from decisions.desk.models import Export, ExportItem
from decisions.desk.queries import stands_still
from decisions.letters.models import Letter
from kapnet.core.background.jobs import note_beat
from kapnet.core.background.pruning import prune
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.desk.desk_factories import delivery_of, step
from tests.decisions.letters.stored_letters import make_decision, make_draft, make_signed, sign
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db


def three_letters(therapist: User) -> list[Letter]:
    names = ("Ada Testcase", "Bo Testcase", "Cy Testcase")
    drafts = [make_draft(therapist, make_decision(therapist, name=name)) for name in names]
    return [sign(one, therapist) for one in drafts]


def ask(staff: User, letters: list[Letter], kind: str = "zip") -> Export:
    with clinic_of(staff):
        return ask_for_export(clinic=staff.membership.clinic, by=staff, letters=letters, kind=kind)


def made(export: Export, staff: User) -> Export:
    run_export(export.pk)
    with clinic_of(staff):
        return Export.objects.get(pk=export.pk)


def test_archive_holds_the_signed_bytes_and_their_hashes(therapist: User, staff: User) -> None:
    letters = three_letters(therapist)

    export = made(ask(staff, letters), staff)

    assert export.state == Export.State.DONE
    with ZipFile(BytesIO(bytes(export.file or b""))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert [one["file"] for one in manifest["letters"]] == [
            f"{one.number}.pdf" for one in letters
        ]
        for letter, told in zip(letters, manifest["letters"], strict=True):
            content = archive.read(told["file"])
            assert content == bytes(letter.pdf or b"")
            assert hashlib.sha256(content).hexdigest() == told["sha256"]
        assert "Testcase" not in "".join(archive.namelist())
    assert export.file_sha256 == hashlib.sha256(bytes(export.file or b"")).hexdigest()


def test_print_file_holds_each_letter_once_in_order(therapist: User, staff: User) -> None:
    letters = three_letters(therapist)

    export = made(ask(staff, letters[::-1], "print"), staff)

    with pikepdf.open(BytesIO(bytes(export.file or b""))) as pdf, pdf.open_outline() as outline:
        assert [one.title for one in outline.root] == [one.number for one in letters[::-1]]


def test_letters_in_it_are_exported_and_not_sent(therapist: User, staff: User) -> None:
    ready, sent = three_letters(therapist)[:2]
    step(sent, staff, "sent", how="fax")

    made(ask(staff, [ready, sent]), staff)

    assert delivery_of(ready, staff).status == "exported"
    assert delivery_of(sent, staff).status == "sent"


def test_letter_with_other_bytes_is_left_out_and_told(therapist: User, staff: User) -> None:
    good, bad = three_letters(therapist)[:2]
    with clinic_of(staff), triggers_off(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE letters_letter SET pdf_sha256 = %s WHERE id = %s", ["0" * 64, key(bad)]
        )

    export = made(ask(staff, [good, bad]), staff)

    with clinic_of(staff):
        left_out = ExportItem.objects.get(export=export, state="left_out")
    assert left_out.letter_id == bad.pk
    assert "not those that were signed" in left_out.problem
    with ZipFile(BytesIO(bytes(export.file or b""))) as archive:
        assert archive.namelist() == [f"{good.number}.pdf", "manifest.json"]
    assert delivery_of(bad, staff).status == "ready"


def key(letter: Letter) -> str:
    return letter.pk.hex if connection.vendor == "sqlite" else str(letter.pk)


@pytest.mark.both_databases
def test_export_that_was_cut_off_goes_on_where_it_stopped(
    therapist: User, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = three_letters(therapist)
    export = ask(staff, letters)
    looked_at: list[object] = []

    def cut_off(letter: Letter) -> str:
        looked_at.append(letter.pk)
        if len(looked_at) == 2:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr("decisions.desk.exporting._problem_of", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_export(export.pk)
    with clinic_of(staff):
        assert export.items.exclude(state="waiting").count() == 1

    export = made(export, staff)

    assert export.state == Export.State.DONE
    assert looked_at == [letters[0].pk, letters[1].pk, letters[1].pk, letters[2].pk]


@pytest.mark.both_databases
def test_making_it_twice_gives_one_file(therapist: User, staff: User) -> None:
    export = made(ask(staff, three_letters(therapist)), staff)

    again = made(export, staff)

    assert again.file_sha256 == export.file_sha256
    with clinic_of(staff):
        assert hashlib.sha256(file_of_letters(again)).hexdigest() == export.file_sha256


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_worker_makes_it(therapist: User, staff: User) -> None:
    export = ask(staff, [make_signed(therapist)])
    job = DBTaskResult.objects.get()
    assert job.args_kwargs == {"args": [str(export.pk)], "kwargs": {}}

    call_command("db_worker", batch=True, reload=False, startup_delay=False, stdout=StringIO())

    with clinic_of(staff):
        assert Export.objects.get().state == Export.State.DONE


def test_export_that_stands_still_can_be_resumed(therapist: User, staff: User) -> None:
    export = ask(staff, [make_signed(therapist)])
    assert not stands_still(export)
    with clinic_of(staff):
        Export.objects.update(moved_at=timezone.now() - timedelta(minutes=2))
        export.refresh_from_db()
        assert stands_still(export)

        go_on(export=export, by=staff)

    assert DBTaskResult.objects.count() == 2


def test_page_of_a_file_says_that_no_worker_runs(
    therapist: User, staff: User, client_for: Callable[[User], Client]
) -> None:
    export = ask(staff, [make_signed(therapist)])
    client, address = client_for(staff), reverse("desk:export", args=[export.pk])

    assert "no worker runs" in client.get(address).content.decode()

    note_beat("a-worker")
    assert "no worker runs" not in client.get(address).content.decode()


def test_nothing_chosen_and_too_many_are_refused(
    therapist: User, staff: User, settings: Any
) -> None:
    letter = make_signed(therapist)
    settings.DESK_EXPORTS_AN_HOUR = 1

    with pytest.raises(ExportRefused, match="at least one"):
        ask(staff, [])
    ask(staff, [letter])
    with pytest.raises(ExportRefused, match="within the hour"):
        ask(staff, [letter])


def test_old_file_is_forgotten_and_the_letters_stay(therapist: User, staff: User) -> None:
    letter = make_signed(therapist)
    old = made(ask(staff, [letter]), staff)
    with clinic_of(staff):
        Export.objects.update(requested_at=timezone.now() - timedelta(hours=25))

    prune()

    with clinic_of(staff):
        old.refresh_from_db()
        assert (old.state, old.file) == (Export.State.EXPIRED, None)
        assert Letter.objects.get(pk=letter.pk).pdf


def test_f17_revoked_consent_stops_a_letter_in_the_queue(
    therapist: User, staff: User, client_for: Callable[[User], Client]
) -> None:
    decision = make_decision(therapist)
    paper = {"kind": "part2", "reference": "Paper 12", "recipient": "Harbor TMS Center"}
    said = {"purpose": "Treatment", "scope": "All", "signed_by": "the patient"}
    with clinic_of(therapist):
        consent = record_consent(
            case=decision.case,
            actor=therapist,
            values={
                **paper,
                **said,
                "covers_substance_use": True,
                "signed_on": timezone.localdate(),
                "expires_with": "the end of treatment",
            },
        )
    letter = sign(make_draft(therapist, decision, part2_consent=consent), therapist)
    with clinic_of(therapist):
        revoke_consent(consent=consent, actor=therapist, because="Taken back")
    client = client_for(staff)

    batch = made(ask(staff, [letter, make_signed(therapist)]), staff)
    single = client.post(reverse("desk:export_one", args=[letter.pk]), follow=True)

    with clinic_of(staff):
        (left_out,) = batch.items.filter(state=ExportItem.State.LEFT_OUT)
    assert left_out.letter_id == letter.pk
    assert "revoked the consent" in left_out.problem
    assert "Do not send it" in single.content.decode()
    with pytest.raises(StepRefused, match="revoked the consent"):
        step(letter, staff, "exported")
