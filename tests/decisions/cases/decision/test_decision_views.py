"""The decision page: what the rules say now, recording it, and decisions as they were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case, Decision
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.rules.cases import read_vignettes, vignette
from tests.rounds import in_part

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("responder-relapsed"))


def decision_url(case: Case) -> str:
    return reverse("cases:decision", args=[case.pk])


def fingerprint_in(html: str) -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', html)
    assert found
    return found.group(1)


def record(client: Client, case: Case, **fields: str) -> Any:
    fingerprint = fingerprint_in(client.get(decision_url(case)).content.decode())
    data = {"chosen": "repeat_tms", "reasoning": "She did well before.", **fields}
    return client.post(decision_url(case), {"fingerprint": fingerprint, **data})


def recorded_of(case: Case, user: User) -> list[Decision]:
    with clinic_of(user):
        return list(Decision.objects.filter(case=case).order_by("number"))


@for_each("name", in_part(one["id"] for one in read_vignettes()), undone=True)
def test_every_vignette_has_its_page(client: Client, therapist: User, name: str) -> None:
    case = make_case(therapist, **vignette(name))

    html = client.get(decision_url(case)).content.decode()

    places = [html.index(words) for words in (">Ketamine<", "None of these now")]
    assert places == sorted(places)


def test_both_says_what_has_not_been_asked_yet(client: Client, therapist: User) -> None:
    case = make_case(therapist, **{**vignette("open-preference"), "preference": None})
    words = "Held back: not asked yet: What the patient prefers"

    html = client.get(decision_url(case)).content.decode()
    panel = client.get(reverse("cases:section", args=[case.pk, "practicalities"])).content.decode()

    assert words in html
    assert words in panel
    assert "It is held back until answers that this needs are known" in html


def test_both_says_what_was_asked_and_is_not_known(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("open-preference"))

    html = client.get(decision_url(case)).content.decode()

    assert "Held back: not known: What the patient prefers" in html


def test_recording_leads_to_the_decision_as_recorded(
    client: Client, case: Case, therapist: User
) -> None:
    response = record(client, case)

    assert response["Location"] == reverse("cases:decision_record", args=[case.pk, 1])
    html = client.get(response["Location"]).content.decode()
    assert "She did well before." in html
    assert recorded_of(case, therapist)[0].recorded_by == therapist


def test_a_recorded_decision_shows_what_was_then(
    client: Client, case: Case, therapist: User
) -> None:
    url = record(client, case)["Location"]
    before = client.get(url).content.decode()

    answer(case, therapist, "mania_now", "yes")
    after = client.get(url).content.decode()

    assert "Not while manic" not in after
    assert _ledger(before) == _ledger(after)


def _ledger(html: str) -> str:
    return html[html.index('id="ledger"') : html.index('id="layer-unknown"')]


@pytest.mark.parametrize("fields", [{"chosen": ""}, {"reasoning": " "}, {"chosen": "all_of_them"}])
def test_nothing_is_recorded_without_choice_and_reasoning(
    client: Client, case: Case, therapist: User, fields: dict[str, str]
) -> None:
    response = record(client, case, **fields)

    assert response.status_code == 422
    assert recorded_of(case, therapist) == []


def test_nothing_is_chosen_beforehand(client: Client, case: Case) -> None:
    html = client.get(decision_url(case)).content.decode()

    assert not re.search(r'name="chosen"[^>]*checked', html)


def test_a_page_that_is_no_longer_true_records_nothing_and_keeps_the_text(
    client: Client, case: Case, therapist: User
) -> None:
    old = fingerprint_in(client.get(decision_url(case)).content.decode())
    answer(case, therapist, "bp_systolic", 190)

    response = record(client, case, fingerprint=old)

    html = response.content.decode()
    assert response.status_code == 409
    assert "She did well before." in html
    assert fingerprint_in(html) != old
    assert recorded_of(case, therapist) == []


def test_missing_answers_forbid_no_recording(client: Client, therapist: User) -> None:
    case = make_case(therapist)

    assert record(client, case, chosen="none_now").status_code == 302


def test_another_clinics_decision_is_not_found(
    client: Client, client_for: ClientFor, case: Case, other_therapist: User
) -> None:
    url = record(client, case)["Location"]

    response = client_for(other_therapist).get(url)

    assert response.status_code == 404
    assert Event.objects.filter(actor=other_therapist, outcome="refused").count() == 1


def test_a_decision_that_does_not_exist_is_not_found(client: Client, case: Case) -> None:
    url = reverse("cases:decision_record", args=[case.pk, 7])

    assert client.get(url).status_code == 404


def test_the_question_of_both_is_answered(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("deep-coil-wants-both"))

    html = client.get(decision_url(case)).content.decode()

    words = (
        "No contraindication of the pair as such was found",
        "That is not a finding of safety",
        "has not been shown",
        "In this patient: ",
        "1 point needs a specialist first.",
    )
    places = [html.index(one) for one in words]
    assert places == sorted(places)


def test_recorded_decision_says_of_both_what_held_then(
    client: Client, case: Case, therapist: User
) -> None:
    url = record(client, case)["Location"]
    answer(case, therapist, "vascular_disease", "yes")

    html = client.get(url).content.decode()

    assert "In this patient, as recorded: " in html
    assert "Nothing in these answers forbids it." in html
    assert "No contraindication of the pair as such was found" not in html


def test_preference_of_the_patient_is_in_the_header(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "preference", "both")
    url = record(client, case)["Location"]
    pages = [client.get(one).content.decode() for one in (decision_url(case), url)]
    answer(case, therapist, "preference", None)

    without = client.get(decision_url(case)).content.decode()

    assert all("The patient prefers: Both together" in html for html in pages)
    assert "The patient prefers" not in without


def test_nothing_is_claimed_beyond_the_questions_asked(client: Client, case: Case) -> None:
    html = client.get(decision_url(case)).content.decode()

    assert "Nothing among the questions asked here" in html
    assert "every stop and review could be checked" not in html


def test_practical_reasons_are_called_practical(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("cannot-attend-daily"))

    html = client.get(decision_url(case)).content.decode()

    assert "Strong practical reason" in html
    assert "Rests on no study." in html
