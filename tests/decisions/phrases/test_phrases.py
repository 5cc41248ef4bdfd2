"""Phrases that a therapist keeps, and uses by one press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Decision
from decisions.letters.models import Letter
from decisions.phrases.models import Phrase
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ClientFor = Callable[[User], Client]
ALL = reverse("phrases:phrases")


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


def keep(client: Client, text: str, kind: str = "reasoning") -> int:
    return client.post(ALL, {"text": text, "kind": kind}).status_code


def only(user: User) -> Phrase:
    with clinic_of(user):
        return Phrase.objects.get()


def test_a_phrase_is_kept_changed_and_removed(client: Client, therapist: User) -> None:
    assert keep(client, "Sleeps <b>badly</b>") == 302
    assert keep(client, "Sleeps <b>badly</b>") == 302  # pressed twice
    phrase = only(therapist)
    with clinic_of(therapist), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM phrases_phrase")
        assert "Sleeps" not in cursor.fetchone()[0]
    assert "Sleeps &lt;b&gt;badly&lt;/b&gt;" in client.get(ALL).content.decode()
    for wrong in ("", " ", "hidden\u202etext"):
        assert keep(client, wrong) == 422
    address = reverse("phrases:phrase", args=[phrase.pk])
    assert client.post(address, {"text": "Sleeps well", "kind": "questions"}).status_code == 302
    assert only(therapist).text == "Sleeps well"
    assert client.post(reverse("phrases:remove", args=[phrase.pk])).status_code == 302
    with clinic_of(therapist):
        assert not Phrase.objects.exists()
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"phrase.kept", "phrase.listed", "phrase.changed", "phrase.removed"} <= actions
    assert not any("Sleeps" in one.reason + one.object_id for one in Event.objects.all())


def test_nobody_else_sees_it(
    client: Client, therapist: User, other_therapist: User, client_for: ClientFor
) -> None:
    keep(client, "Mine alone")
    phrase = only(therapist)
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)

    for person in (colleague, other_therapist):
        theirs = client_for(person)
        assert "Mine alone" not in theirs.get(ALL).content.decode()
        assert theirs.get(reverse("phrases:phrase", args=[phrase.pk])).status_code == 404
        assert theirs.post(reverse("phrases:remove", args=[phrase.pk])).status_code == 404
    assert Event.objects.filter(outcome="refused", object_type="phrase").count() == 4
    assert only(therapist).text == "Mine alone"


def test_one_press_without_a_script_fills_it_in_and_records_nothing(
    client: Client, therapist: User
) -> None:
    keep(client, "It held for months.")
    keep(client, "Is a shorter course possible?", kind="questions")
    with clinic_of(therapist):
        reasoning, question = Phrase.objects.all()
    decision = make_decision(therapist)
    address = reverse("cases:decision", args=[decision.case_id])

    page = client.post(
        address, {"reasoning": "Before.", "chosen": "ketamine", "phrase": str(reasoning.pk)}
    )

    html = page.content.decode()
    assert page.status_code == 200
    assert "Before.\nIt held for months.</textarea>" in html
    assert 'value="ketamine" checked' in html
    with clinic_of(therapist):
        assert Decision.objects.count() == 1
    draft = make_draft(therapist, decision)
    letter = reverse("letters:letter", args=[draft.case_id, draft.pk])
    assert str(question.pk) in client.get(letter).content.decode()
    fields = {"phrase": str(question.pk), "request_kind": "assess", "request_option": "repeat_tms"}
    version = draft.saved_at.isoformat()
    client.post(letter, {**fields, "reasoning": draft.reasoning, "version": version})
    with clinic_of(therapist):
        assert Letter.objects.get().questions == "Is a shorter course possible?"
