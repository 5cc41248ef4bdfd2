"""The work list: what comes first, found by name, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.actions import record_decision, save_answer
from decisions.cases.case_columns import computed_columns, weigh
from decisions.cases.models import Case, NameDigest, Urgency
from decisions.cases.patients import Details, details_of
from decisions.patient.actions import correct_patient
from decisions.worklist.list_views import CASES_A_PAGE
from kapnet.core.encryption.fields import Encrypted
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import (
    FORM_OF_TWOS,
    POSITIVE_FORM,
    answer,
    clinic_of,
    close_task,
    file_for,
    make_case,
)
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


def listed(client: Client, **asked: Any) -> str:
    response = client.get(reverse("cases:list"), asked)
    assert response.status_code == 200
    return response.content.decode()


def search(client: Client, words: str, **asked: str) -> Any:
    return client.post(reverse("cases:list"), {"q": words, **asked})


def is_right(case: Case, therapist: User) -> bool:
    """Whether the columns of a case, as stored, say what computing says."""
    with clinic_of(therapist):
        stored = Case.objects.get(pk=case.pk)
        right = computed_columns(stored)
        index = set(NameDigest.objects.filter(case=case).values_list("digest", flat=True))
        same_names = index == set(stored.patient_index.split())
    return same_names and all(getattr(stored, name) == value for name, value in right.items())


def test_columns_say_what_computing_says(therapist: User) -> None:
    case = make_case(therapist, name="R. D.", phq9=FORM_OF_TWOS)
    assert is_right(case, therapist)

    answer(case, therapist, "phq9", POSITIVE_FORM)
    assert is_right(case, therapist)
    close_task(case, therapist)
    assert is_right(case, therapist)
    answer(case, therapist, "life_threatening", "yes")
    assert is_right(case, therapist)
    with clinic_of(therapist):
        assert Case.objects.get().urgency == Urgency.ACT_FIRST
    answer(case, therapist, "life_threatening", None)
    assert is_right(case, therapist)
    with clinic_of(therapist):
        assert Case.objects.get().urgency == Urgency.ACT_FIRST
        record_decision(
            case=case,
            actor=therapist,
            chosen="none_now",
            reasoning="None",
            fingerprint=file_for(case, therapist).fingerprint,
        )
        correct_patient(
            case=case,
            actor=therapist,
            seen=details_of(Case.objects.get()),
            details=Details("Ruth Dann", None, "K-12"),
            reason="Full name",
        )
    assert is_right(case, therapist)


def test_an_answer_of_a_colleague_meanwhile_counts(therapist: User) -> None:
    case = make_case(therapist)
    stale = file_for(case, therapist)
    answer(case, therapist, "life_threatening", "yes")

    with clinic_of(therapist):
        save_answer(file=stale, question_id="heart", raw="unknown", version=0, actor=therapist)

    assert is_right(case, therapist)


def test_weighing_puts_right_what_is_wrong(therapist: User) -> None:
    case = make_case(therapist, life_threatening="yes")
    with clinic_of(therapist):
        Case.objects.update(urgency=Urgency.NOT_WEIGHED)

        assert weigh(case)
        assert not weigh(case)

    assert is_right(case, therapist)


def test_cases_begun_before_are_filled_in_and_weighed_in_every_clinic(
    therapist: User, other_therapist: User
) -> None:
    migration = import_module("decisions.cases.migrations.0012_life_of_a_case")
    cases = {
        make_case(therapist, name="Calm One", phq9=FORM_OF_TWOS): therapist,
        make_case(therapist, name="Open Task", phq9=POSITIVE_FORM): therapist,
        make_case(other_therapist, name="Act First", life_threatening="yes"): other_therapist,
    }
    with scopes_disabled():
        NameDigest.objects.all().delete()
        Case.objects.update(urgency=Urgency.NONE, last_change=timezone.now())

    migration.fill_in(apps, None)

    with scopes_disabled():
        kept = Case.objects.order_by("urgency").values_list("urgency", flat=True)
        assert set(kept) == {Urgency.NOT_WEIGHED, Urgency.OPEN_SAFETY_TASK}
    call_command("weigh_cases", verbosity=0)
    for case, person in cases.items():
        assert is_right(case, person)
    said = StringIO()
    call_command("weigh_cases", "--all", stdout=said)
    assert said.getvalue() == "3 cases looked at, 0 changed\n"


def test_pages_hold_25_and_the_open_safety_task_stands_above_each(
    client: Client, therapist: User
) -> None:
    make_case(therapist, name="Positive Person", phq9=POSITIVE_FORM)
    for number in range(CASES_A_PAGE + 1):
        make_case(therapist, name=f"Quiet {number}")

    first, second = listed(client), listed(client, page=2)

    assert first.count('<th scope="row">') == CASES_A_PAGE
    assert second.count('<th scope="row">') == 2
    assert "Safety tasks that are open" not in first
    assert "Safety tasks that are open" in second
    assert first.index("Positive Person") < first.index("Quiet")
    assert "Positive Person" in second
    assert "Positive Person" in listed(client, show="decided")


def test_search_finds_beginnings_of_words_and_numbers_and_keeps_names_out_of_the_address(
    client: Client, therapist: User, other_therapist: User
) -> None:
    wanted = make_case(therapist, name="Ruth O'Brien")
    make_case(therapist, name="Somebody Else")
    make_case(other_therapist, name="Ruth Elsewhere")

    for words in ("ruth", "obr", "brien RUTH", str(wanted.number), f"000{wanted.number}"):
        response = search(client, words)
        assert "uth" not in response["Location"].lower()
        html = client.get(response["Location"]).content.decode()
        assert "Ruth O&#x27;Brien" in html
        assert "Somebody Else" not in html
        assert "Elsewhere" not in html
    html = client.get(search(client, "uth")["Location"]).content.decode()
    assert "No case fits" in html


def test_filters_of_the_list(client: Client, therapist: User) -> None:
    make_case(therapist, name="Loud", life_threatening="yes")
    make_case(therapist, name="Calm")
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    make_case(colleague, name="Theirs")

    urgent, mine = listed(client, show="act_first"), listed(client, show="undecided")

    assert "Loud" in urgent
    assert "Calm" not in urgent
    assert "Calm" in mine
    assert "Theirs" not in mine
    assert "Theirs" in listed(client, show="undecided", whose="clinic")
    assert "Calm" not in listed(client, show="decided")
    assert "Calm" in listed(client, show="nonsense", page="x")


def test_a_search_reads_no_names_but_those_it_shows(
    client: Client, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        make_case(therapist, name=f"Person{number} Common")
    opened: list[object] = []
    read = Encrypted.from_plain

    def counted(field: Encrypted, plain: str) -> Any:
        opened.append(field.name)
        return read(field, plain)

    monkeypatch.setattr(Encrypted, "from_plain", counted)

    client.get(search(client, "person7")["Location"])

    assert opened.count("patient_name") == 1
