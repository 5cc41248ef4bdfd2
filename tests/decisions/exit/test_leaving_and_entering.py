"""A clinic leaves with everything, enters an empty installation, and leaves as it came."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_scopes import scopes_disabled

from decisions.cases.models import Case, NameDigest
from decisions.exit.chains import closed_chains_that_broke
from decisions.exit.entering import enter
from decisions.exit.models import Exit
from decisions.exit.reading import EnterRefused, open_archive
from decisions.exit.rows import written
from decisions.exit.tables import table
from decisions.letters.models import CopyDigest, Letter
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.encryption.blind_index import searched_digests
from kapnet.core.encryption.keys import make_key
from kapnet.core.people.models import Clinic, Membership, Role, User
from kapnet.core.people.of_a_clinic import OfAClinic
from tests.decisions.case_factories import make_case
from tests.decisions.exit.leaving import (
    PASSPHRASE,
    files_in,
    go_to_an_empty_installation,
    leave,
    lines_of,
    sealed_again,
    send_unreadable,
)
from tests.factories import PASSWORD, make_clinic, make_member
from tests.kapnet.core.encryption.kept_rows import NAME, WORD, fill_everything
from tests.triggers import triggers_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ELSEWHERE = "Nobody Ofthisclinic"


@pytest.fixture
def manager(clinic: Clinic) -> User:
    return make_member(clinic=clinic, role=Role.MANAGER, name="M. Anager", password=PASSWORD)


def make_clinics(therapist: User, staff: User) -> Letter:
    """One with a row of everything, and another one."""
    other = make_member(clinic=make_clinic(name="Other clinic"), role=Role.THERAPIST)
    make_case(other, name=ELSEWHERE)
    letter = fill_everything(therapist, staff)
    with scopes_disabled():
        send_unreadable(letter.case)
        Exit.objects.filter(state=Exit.State.RUNNING).update(state=Exit.State.GONE, key="")
    make_case(other, name=ELSEWHERE)
    owner = make_member(clinic=make_clinic(name="Nowhere"), role=Role.STAFF, name="O. Wner")
    Membership.objects.filter(user=owner).delete()
    record_event(
        action="owner.clinic_changed",
        actor=owner,
        clinic=letter.clinic,
        object_type="clinic",
        object_id=letter.clinic_id,
    )
    return letter


def rows_in(files: dict[str, bytes]) -> dict[str, list[Any]]:
    """What has to be equal: all but the steps of leaving and entering themselves.

    Events and releases of the evidence have numbers of the installation.
    """
    found = {
        name: list(lines_of(content))
        for name, content in files.items()
        if name.startswith(("records/", "fhir/"))
    }
    events = [line["row"] for line in lines_of(files["audit/events.jsonl"])]
    evidence = [line["row"] for line in lines_of(files["evidence/releases.jsonl"])]
    for line in (line for rows in found.values() for line in rows):
        if line.get("table") == "letters.lettertask":
            del line["row"]["release_id"]
    return {
        **found,
        "events": [{**one, "id": 0} for one in events if one["object_type"] != "exit"],
        "evidence": [{one: row[one] for one in ("name", "sha256", "content")} for row in evidence],
    }


def test_clinic_leaves_enters_and_leaves_as_it_came(
    client: Client,
    clinic: Clinic,
    therapist: User,
    staff: User,
    manager: User,
    tmp_path: Path,
    settings: Any,
) -> None:
    letter = make_clinics(therapist, staff)
    pdf = bytes(letter.pdf or b"")
    was = leave(manager, therapist)
    first = files_in(was)
    (tmp_path / "clinic.age").write_bytes(was)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")

    assert_nothing_secret(first, therapist)
    assert_says_what_is_not_written(first, letter)
    assert first[f"letters/{letter.number}.pdf"] == pdf

    go_to_an_empty_installation()
    assert_what_is_no_such_file_is_refused(was, first)
    settings.DATA_KEYS = [make_key()]
    owner = User.objects.create_superuser("owner@test.example", "x", name="O")
    record_event(action="account.sign_in", actor=owner, clinic=None, object_type="account")
    said = io.StringIO()
    how = {"passphrase_file": str(tmp_path / "passphrase"), "stdout": said}
    call_command("enter", str(tmp_path / "clinic.age"), check=True, **how)
    with scopes_disabled():
        assert not Case.objects.exists()
    (tmp_path / "clinic.age").write_bytes(sealed_again(of_an_earlier_version(first)))
    call_command("enter", str(tmp_path / "clinic.age"), **how)

    assert manager.email in said.getvalue()
    call_command("audit", "verify", stdout=io.StringIO())
    assert_people_come_without_rights()
    with scopes_disabled():
        assert bytes(Letter.objects.get(pk=letter.pk).pdf or b"") == pdf
        assert_is_found_by_new_keys(letter)
    second = files_in(leave(*(User.objects.get(pk=one.pk) for one in (manager, therapist))))
    assert rows_in(second) == rows_in(first)
    assert letters_in(second) == letters_in(first)
    assert_old_chain_is_closed_and_goes_along(first, second)


def assert_is_found_by_new_keys(letter: Letter) -> None:
    for rows, owner in ((NameDigest, letter.case_id), (CopyDigest, letter.pk)):
        of_row = {"case_id" if rows is NameDigest else "letter_id": owner}
        asked = searched_digests(WORD, within=letter.clinic_id)
        assert rows.objects.filter(digest__in=asked, **of_row).exists()


def assert_says_what_is_not_written(files: dict[str, bytes], letter: Letter) -> None:
    """One response that nobody can read keeps nothing else from leaving."""
    (said,) = lines_of(files["fhir/OperationOutcome-00001.ndjson"])
    responses = list(lines_of(files["fhir/QuestionnaireResponse-00001.ndjson"]))
    assert f"Not every QuestionnaireResponse of Patient/{letter.case_id}" in str(said)
    assert len(responses) > 1
    assert json.loads(files["manifest.json"])["counts"]["received.received"] > 1
    with scopes_disabled():
        assert Exit.objects.get(state=Exit.State.READY).not_written == 1


Files = dict[str, bytes]


def of_an_earlier_version(files: Files) -> Files:
    """As it was written before every row said whose it is."""
    changed = dict(files)
    for name in (one for one in files if one.startswith("records/c")):
        lines = list(lines_of(files[name]))
        for line in lines:
            if issubclass(table(line["table"]).model, OfAClinic):
                del line["row"]["clinic_id"]
        changed[name] = b"".join(map(written, lines))
    return listed(changed)


def with_row(files: Files, name: str, table: str, **values: object) -> Files:
    """One row of a table changed; the manifest says so, as who made the file could make it."""
    lines = list(lines_of(files[name]))
    row = next(line for line in lines if line["table"] == table)
    row["row"].update(values)
    return listed({**files, name: b"".join(map(written, lines))})


def with_manifest(files: Files, /, **values: object) -> Files:
    manifest = {**json.loads(files["manifest.json"]), **values}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def listed(files: Files) -> Files:
    """With hashes of what is there now."""
    return with_manifest(
        files,
        files=[
            {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
            if name != "manifest.json"
        ],
    )


def with_cut(files: Files, name: str) -> Files:
    return listed({one: content for one, content in files.items() if one != name})


def bad_files(files: Files) -> dict[str, tuple[Files, str]]:
    """What somebody could make who has the passphrase, and what is said of it."""
    people, clinic, cases = (f"records/{one}.jsonl" for one in ("people", "clinic", "cases-00001"))
    letter = next(name for name in files if name.startswith("letters/"))
    chain = next(name for name in files if name.startswith("audit/chain"))
    other = "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab"
    return {
        "a way out of the folder": (listed({**files, "../etc/cron.d/x": b"x"}), "no name of one"),
        "an absolute path": (listed({**files, "/etc/passwd": b"x"}), "no name of one"),
        "a file nobody listed": ({**files, "letters/more.pdf": b"x"}, "names others than"),
        "a file that is not there": (
            with_manifest(
                with_cut(files, letter), files=json.loads(files["manifest.json"])["files"]
            ),
            "names others than",
        ),
        "a letter left out": (with_cut(files, letter), "is missing"),
        "another letter": (listed({**files, letter: b"%PDF-1.7"}), "is not what was signed"),
        "a changed byte": ({**files, people: files[people] + b" "}, "is not what was written"),
        "a newer format": (with_manifest(files, format=99), "newer version"),
        "a newer program": (with_manifest(files, migrations={"exit": "0099_later"}), "newer"),
        "an edition we have not": (with_manifest(files, editions={"2999.1": ""}), "no edition"),
        "no list": ({**files, "manifest.json": b"[]"}, "cannot be read"),
        "an owner": (with_row(files, people, "clinics.user", is_superuser=True), "not know"),
        "a password": (with_row(files, people, "clinics.user", password="x"), "not know"),
        "a case of another clinic": (
            with_row(files, cases, "decisions.case", clinic_id=other),
            "do not fit together",
        ),
        "an answer of another clinic": (
            with_row(files, cases, "decisions.answer", clinic_id=other),
            "do not fit together",
        ),
        "another clinic": (
            with_row(files, clinic, "clinics.clinic", id=other),
            "holds other clinics",
        ),
        "rows where they do not belong": (
            listed({**files, people: files[clinic]}),
            "has rows of 'clinics.clinic'",
        ),
        "an event of nobody": (
            with_row(files, "audit/events.jsonl", "audit.event", clinic_id=None),
            "not of its clinic",
        ),
        "a changed event": (
            with_row(files, "audit/events.jsonl", "audit.event", reason="x"),
            "was changed or moved",
        ),
        "a shorter audit log": (
            listed({**files, chain: files[chain].partition(b"\n")[2]}),
            "events when it was closed",
        ),
        "an audit log without its chain": (with_manifest(files, chains=[]), "is not whole"),
        "a row of nobody": (
            with_row(files, "audit/events.jsonl", "audit.event", id=None),
            "has no id",
        ),
        "a number without end": (
            with_row(files, cases, "decisions.case", number=10**30),
            "do not fit together",
        ),
        "a day that is none": (
            with_row(files, cases, "decisions.case", created_at="soon"),
            "no readable created_at",
        ),
        "a changed answer's table": (
            with_row(files, cases, "decisions.answer", version=0),
            "do not fit together",
        ),
    }


def assert_what_is_no_such_file_is_refused(sealed: bytes, files: Files) -> None:
    said = {what: refused(sealed_again(some)) for what, (some, _) in bad_files(files).items()}
    missed = {
        what: said[what] for what, (_, why) in bad_files(files).items() if why not in said[what]
    }
    assert missed == {}
    assert "passphrase is wrong" in refused(sealed, "five words that do not belong together")
    assert "is damaged" in refused(sealed[:-1])
    assert "is damaged" in refused(sealed[:-70_000])
    assert "is damaged" in refused(sealed[:-40_000] + b"x" + sealed[-39_999:])
    assert "no file under a passphrase" in refused(b"PK")
    with scopes_disabled():
        assert not User.objects.exists()
        assert not Event.objects.exists()


def refused(sealed: bytes, passphrase: str = PASSPHRASE) -> str:
    try:
        with open_archive(io.BytesIO(sealed), passphrase) as archive:
            enter(archive)
    except EnterRefused as error:
        return str(error)
    return "not refused"


def letters_in(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith("letters/")}


def assert_nothing_secret(files: dict[str, bytes], therapist: User) -> None:
    everything = b"\n".join(files.values())
    assert NAME.encode() in everything
    hidden = [ELSEWHERE, therapist.password, "token_sha256", "code_sha256", "is_superuser"]
    hidden += settings.DATA_KEYS
    assert [one for one in hidden if one and one.encode() in everything] == []
    people = [line["row"] for line in lines_of(files["records/people.jsonl"])]
    (stranger,) = (one for one in people if one["name"] == "O. Wner")
    assert stranger.keys() == {"id", "name", "created_at", "is_active"}


def assert_people_come_without_rights() -> None:
    came = User.objects.exclude(email="owner@test.example")
    assert came.count() == 4
    assert not any(one.has_usable_password() or one.keeps_installation for one in came)


def assert_old_chain_is_closed_and_goes_along(
    first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    (old,) = (name for name in first if name.startswith("audit/chain"))
    hashes = [[one["sha256"] for one in lines_of(files[old])] for files in (first, second)]
    assert hashes[0] == hashes[1] != []
    assert list(closed_chains_that_broke()) == []
    with triggers_off(), scopes_disabled(), connection.cursor() as cursor:
        event = Event.objects.filter(action="case.opened").order_by("pk")[0]
        cursor.execute("UPDATE audit_event SET reason = 'x' WHERE id = %s", [event.pk])
    (broken,) = closed_chains_that_broke()
    assert "was changed or moved" in broken
