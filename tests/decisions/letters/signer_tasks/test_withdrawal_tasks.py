"""Tasks for who signed a letter on withdrawn evidence: opened by the release, closed by a note."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.letters.actions import start_correction
from decisions.letters.models import Letter, LetterTask
from decisions.letters.signer_tasks.withdrawal_tasks import follow_release
from evidence.curation.queries import seen_of_draft
from evidence.curation.releasing import sign_and_publish
from evidence.curation.withdrawing import restore_entry
from evidence.domain.terms import EntryKind
from evidence.models import Release
from evidence.queries import current_evidence
from kapnet.core.accounts.actions import switch_person
from kapnet.core.audit.models import Event
from kapnet.core.notices.owed import write_owed_events
from kapnet.core.people.models import Clinic, Role, User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import decide_case, make_signed, sign
from tests.decisions.letters.test_withdrawn import cited_key, cited_position
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    prepare,
    publish,
    withdraw,
)
from tests.factories import make_member
from tests.kept import MADE_ONCE

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db

keeps, kept, clinic, therapist, staff, letter = MADE_ONCE


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def tasks() -> list[LetterTask]:
    """Every task of every clinic."""
    with scopes_disabled():
        return list(LetterTask.objects.select_related("letter"))


def address_of(letter: Letter) -> str:
    return reverse("letters:tasks", args=[letter.case_id, letter.pk])


def work_list(client: Client) -> str:
    return client.get(reverse("cases:list")).content.decode()


def restore(key: str) -> None:
    author, _ = curators()
    approve(restore_entry(kind=EntryKind.SOURCE, key=key, by=author, reason="An error."))
    publish("It counts again.")


def test_withdrawal_opens_a_task_for_each_signer_in_every_clinic(
    therapist: User, letter: Letter, other_therapist: User, client_for: Clients
) -> None:
    mine, theirs = letter, make_signed(other_therapist)

    withdraw(cited_key(mine), reason="Data withdrawn by its authors.")

    assert {one.letter_id for one in tasks()} == {mine.pk, theirs.pk}
    for signer, own, other in ((therapist, mine, theirs), (other_therapist, theirs, mine)):
        page = work_list(client_for(signer))
        assert address_of(own) in page
        assert address_of(other) not in page


def test_withdrawn_position_opens_a_task(therapist: User, letter: Letter) -> None:
    position = cited_position(letter)

    withdraw(position.id, kind=EntryKind.POSITION)

    [task] = tasks()
    assert (task.entry_kind, task.entry_key) == ("position", position.id)
    assert task.source_key == position.guideline


def test_withdrawal_of_what_no_letter_cites_opens_nothing(letter: Letter) -> None:
    cited = str(letter.decision.outcome)
    other = next(one.key for one in current_evidence().sources if f"'{one.key}'" not in cited)

    withdraw(other)

    assert tasks() == []


def test_task_is_opened_once_however_often_releases_come(therapist: User, letter: Letter) -> None:
    release = withdraw(cited_key(letter))

    follow_release(release)
    approve(change_source("senova-2019", note="Seen."))
    publish()

    assert len(tasks()) == 1


def test_task_goes_with_the_release_that_is_not_published(therapist: User, letter: Letter) -> None:
    key = cited_key(letter)

    with pytest.raises(RuntimeError, match="after"):
        fail_after(lambda: withdraw(key))

    assert tasks() == []


def fail_after(step: Callable[[], object]) -> None:
    """Take a step in a transaction that then fails."""
    with transaction.atomic():
        step()
        raise RuntimeError("after")


def test_note_closes_the_task_for_good(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    withdraw(cited_key(letter))
    client = client_for(therapist)

    client.post(
        address_of(letter), {"note": "Called the clinic.", "tasks": [one.pk for one in tasks()]}
    )
    approve(change_source("senova-2019", note="Seen."))
    publish()

    [task] = tasks()
    assert (task.closed_as, task.note, task.closed_by) == ("seen", "Called the clinic.", therapist)
    assert address_of(letter) not in work_list(client)
    assert "Called the clinic." in client.get(address_of(letter)).content.decode()


def test_empty_note_closes_nothing(therapist: User, client_for: Clients, letter: Letter) -> None:
    withdraw(cited_key(letter))

    response = client_for(therapist).post(
        address_of(letter), {"note": " ", "tasks": [tasks()[0].pk]}
    )

    assert response.status_code == 422
    assert tasks()[0].closed_at is None


def test_task_that_was_not_shown_stays_open(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    withdraw(cited_key(letter))
    [first] = tasks()
    withdraw(cited_position(letter).guideline)

    client_for(therapist).post(address_of(letter), {"note": "Seen.", "tasks": [first.pk]})

    assert [one.closed_as for one in tasks() if one.pk == first.pk] == ["seen"]
    assert [one.closed_at for one in tasks() if one.pk != first.pk] == [None]


def test_note_after_somebody_else_closed_it_is_given_back(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    withdraw(cited_key(letter))
    sent = {"note": "The first note.", "tasks": [tasks()[0].pk]}
    client_for(therapist).post(address_of(letter), sent)

    late = client_for(therapist).post(address_of(letter), {**sent, "note": "The second note."})

    assert late.status_code == 409
    assert "The second note." in late.content.decode()
    assert tasks()[0].note == "The first note."


def test_restored_evidence_closes_open_tasks_and_opens_them_when_withdrawn_again(
    therapist: User, letter: Letter
) -> None:
    key = cited_key(letter)
    withdraw(key)

    restore(key)
    assert [one.closed_as for one in tasks()] == ["restored"]

    withdraw(key)
    assert [one.closed_as for one in tasks()] == ["restored", ""]


def test_seen_task_is_opened_anew_when_restored_evidence_is_withdrawn_again(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    key = cited_key(letter)
    withdraw(key)
    client_for(therapist).post(address_of(letter), {"note": "Seen.", "tasks": [tasks()[0].pk]})

    restore(key)
    withdraw(key)

    assert [one.closed_as for one in tasks()] == ["seen", ""]


def test_going_back_to_an_earlier_release_closes_tasks(therapist: User, letter: Letter) -> None:
    first = Release.objects.get()
    withdraw(cited_key(letter))
    author, signer = curators()

    draft = prepare(by=author, notes="The retraction was an error.", rolls_back_to=first)
    sign_and_publish(draft=draft, by=signer, seen=seen_of_draft(draft))

    assert [one.closed_as for one in tasks()] == ["restored"]


def test_signed_correction_closes_the_task_of_the_letter_it_replaces(
    therapist: User, letter: Letter
) -> None:
    withdraw(cited_key(letter))
    decide_case(letter.case, therapist)
    with clinic_of(therapist):
        correction = start_correction(letter=letter, actor=therapist)
        correction.replaces_because = "Evidence was withdrawn."
        correction.save(update_fields=["replaces_because"])

    sign(correction, therapist)

    assert [one.closed_as for one in tasks()] == ["replaced"]


def test_letter_that_was_replaced_before_gets_no_task(therapist: User, letter: Letter) -> None:
    key = cited_key(letter)
    with clinic_of(therapist):
        correction = start_correction(letter=letter, actor=therapist)
        correction.replaces_because = "A wrong phone number."
        correction.save(update_fields=["replaces_because"])
    sign(correction, therapist)

    withdraw(key)

    assert {one.letter_id for one in tasks()} == {correction.pk}


def test_task_of_somebody_who_left_is_shown_to_the_others(
    therapist: User, clinic: Clinic, manager: User, client_for: Clients, letter: Letter
) -> None:
    colleague = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")
    withdraw(cited_key(letter))
    before = work_list(client_for(colleague))

    switch_person(actor=manager, membership=therapist.membership, is_active=False)

    assert address_of(letter) not in before
    assert address_of(letter) in work_list(client_for(colleague))


def test_whole_clinic_shows_everybodys_tasks(
    therapist: User, clinic: Clinic, client_for: Clients, letter: Letter
) -> None:
    colleague = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")
    withdraw(cited_key(letter))

    page = client_for(colleague).get(reverse("cases:list"), {"whose": "clinic"})

    assert address_of(letter) in page.content.decode()


def test_page_is_for_therapists_of_the_clinic_only(
    therapist: User, staff: User, other_therapist: User, client_for: Clients, letter: Letter
) -> None:
    withdraw(cited_key(letter))

    assert client_for(staff).get(address_of(letter)).status_code == 403
    assert client_for(other_therapist).get(address_of(letter)).status_code == 404
    assert Event.objects.filter(outcome="refused").count() == 2


def test_every_step_of_a_task_is_audited_without_a_word_about_the_patient(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    key = cited_key(letter)
    release = withdraw(key)
    client_for(therapist).post(
        address_of(letter), {"note": "Maren knows.", "tasks": [tasks()[0].pk]}
    )
    write_owed_events()

    opened = Event.objects.get(action="letter.evidence_withdrawn")
    seen = Event.objects.get(action="letter.withdrawal_seen")

    assert (opened.clinic_id, opened.object_id) == (letter.clinic_id, str(letter.pk))
    assert (opened.reason, opened.actor) == (release.name, release.approver)
    assert (seen.reason, seen.actor) == (key, therapist)
    assert not Event.objects.filter(reason__icontains="Maren").exists()
