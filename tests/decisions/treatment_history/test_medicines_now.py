"""Medicines typed in the flow: kept where letters print them, and proposing answers at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from decisions.cases.proposals import proposed_for
from decisions.rules.engine.medicine_list import LookAlike, MedicineList, problems_of_list
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.treatment_history.medicine_lists import medicine_list
from decisions.treatment_history.queries import history_of, nothing_of, rows_of
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import answer, clinic_of, file_for, make_case
from tests.decisions.rules.cases import EARLIER_EDITION

pytestmark = pytest.mark.django_db
LISTED = medicine_list(CURRENT_EDITION)
QUESTIONNAIRE = load_edition().questionnaire


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


@pytest.fixture
def client(therapist: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(therapist)


def url(case: Case) -> str:
    return reverse("history:medicines_now", args=[case.pk])


def take(client: Client, case: Case, name: str, **more: str) -> str:
    """Add a medicine as a person types it; the page after it."""
    response = client.post(url(case), {"name": name, **more}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def proposed(case: Case, user: User, question: str) -> tuple[str, ...]:
    with clinic_of(user):
        return proposed_for(file_for(case, user), question)


def test_medicine_is_kept_in_the_rows_that_letters_print(
    client: Client, case: Case, therapist: User
) -> None:
    html = take(client, case, "sertraline", dose="150 mg", since="May 2026")

    assert "SSRI; for depression" in html
    assert "Not on the list" not in html
    with clinic_of(therapist):
        [row] = history_of(case).medicines
    assert (row.name, row.dose, row.since) == ("sertraline", "150 mg", "2026-05")


def test_class_proposes_and_answers_nothing(client: Client, case: Case, therapist: User) -> None:
    html = take(client, case, "Lorazepam", dose="1 mg", frequency="now and then")

    assert "Benzodiazepine, daily or nearly (Lorazepam)" in html
    assert proposed(case, therapist, "medicines") == (
        "Benzodiazepine, daily or nearly (Lorazepam)",
    )
    assert file_for(case, therapist).raw_answers == {}
    card = client.get(reverse("cases:card", args=[case.pk, "medicines"])).content.decode()
    assert "Benzodiazepine, daily or nearly (Lorazepam)" in card
    assert "checked" not in card


@for_each("given", [[], ["lithium"]], undone=True)
def test_nothing_is_proposed_over_an_answer(
    client: Client, case: Case, therapist: User, given: list[str]
) -> None:
    take(client, case, "lorazepam")
    answer(case, therapist, "medicines", given)

    assert proposed(case, therapist, "medicines") == ()


def test_not_known_is_no_answer_to_be_kept_from(
    client: Client, case: Case, therapist: User
) -> None:
    take(client, case, "lorazepam")
    answer(case, therapist, "medicines", "unknown")

    assert proposed(case, therapist, "medicines")


def test_name_that_is_not_on_the_list_says_that_nothing_comes_of_it(
    client: Client, case: Case
) -> None:
    assert "Not on the list: it suggests nothing" in take(client, case, "Nardil")


@for_each("written", ["Lorazepam 1 mg", "lora", "Zoloft", "something from the health shop"])
def test_free_text_is_taken_and_proposes_nothing(written: str) -> None:
    assert LISTED.class_of(written) is None
    assert LISTED.proposed([written]) == {}


def test_name_that_was_mistaken_is_shown_apart_with_class_and_use(
    client: Client, case: Case
) -> None:
    html = take(client, case, "hydroxyzine")

    assert "Not hydralazine?" in html
    assert "blood pressure medicine; for blood pressure" in html


@for_each("name", [name for name, _ in LISTED.names()])
def test_each_name_proposes_what_can_be_answered_and_never_no(name: str) -> None:
    for question_id, values in LISTED.proposed([name]).items():
        question = QUESTIONNAIRE.question(question_id)
        assert values.keys() <= question.values - {"no", "none"}
        assert set(values.values()) == {(name,)}


@for_each(
    ("name", "question", "value"),
    [
        ("venlafaxine", "antidepressant_now", "taking"),
        ("selegiline", "medicines", "maoi"),
        ("olanzapine", "medicines", "antipsychotic"),
        ("lisdexamfetamine", "medicines", "stimulant"),
        ("suvorexant", "medicines", "other_sedative"),
        ("pregabalin", "medicines", "gabapentinoid"),
        ("phenytoin", "medicines", "cyp_modifier"),
        ("phenytoin", "medicines", "anticonvulsant"),
        ("oxycodone", "medicines", "opioid"),
        ("amoxapine", "threshold_factors", "high_risk_medicine"),
        ("maprotiline", "threshold_factors", "high_risk_medicine"),
        ("solriamfetol", "medicines", "stimulant"),
        ("Divalproex", "medicines", "anticonvulsant"),
    ],
)
def test_what_patients_with_depression_take_proposes_its_answer(
    name: str, question: str, value: str
) -> None:
    assert value in LISTED.proposed([name])[question]


@for_each("name", ["lisinopril", "metformin", "levothyroxine", "ibuprofen", "aspirin", "torsemide"])
def test_other_medicines_are_on_the_list_and_propose_nothing(name: str) -> None:
    assert LISTED.class_of(name)
    assert LISTED.proposed([name]) == {}


def test_list_that_does_not_fit_is_refused_and_an_earlier_edition_has_none() -> None:
    ssri = LISTED.classes["ssri"]
    wrong = MedicineList(
        classes={
            "a": ssri,
            "b": ssri.model_copy(update={"proposes": {"heart": ("broken",)}}),
        },
        look_alike=(LookAlike(names=("dragonine",), source="nowhere"),),
        other_names={"sertraline": "fluoxetine", "wyvernine": "dragonine"},
    )

    told = " ".join(problems_of_list(wrong, QUESTIONNAIRE))

    for part in ("is listed twice", "no source nowhere", "name of dragonine", "heart does not"):
        assert part in told
    assert not medicine_list(EARLIER_EDITION).classes


def test_wrong_day_is_said_and_kept(client: Client, case: Case) -> None:
    response = client.post(url(case), {"name": "lithium", "since": "someday"})

    assert response.status_code == 422
    assert "someday" in response.content.decode()


def test_no_allergies_is_said_beside_the_medicines_and_the_way_leads_to_the_letter(
    client: Client, case: Case, therapist: User
) -> None:
    letter = "5f0c5c0e-5f25-4a4e-9a55-0c0b0b0b0b0b"
    address = f"{url(case)}?letter={letter}"

    before = client.get(address).content.decode()
    said = client.post(address, {"none_of": "allergies"})
    after = client.get(said["Location"]).content.decode()

    assert "No allergies</button>" in before
    assert said["Location"] == address
    assert "There are none." in after
    assert f"/letters/{letter}/" in after
    with clinic_of(therapist):
        assert "allergies" in nothing_of(case)


def test_no_allergies_over_a_row_says_nothing(client: Client, case: Case, therapist: User) -> None:
    add = reverse("history:add", args=[case.pk, "allergies"])
    client.post(add, {"substance": "Penicillin", "reaction": "rash"})

    client.post(url(case), {"none_of": "allergies"})
    html = client.get(url(case)).content.decode()

    assert "Penicillin" in html
    assert "No allergies</button>" not in html
    with clinic_of(therapist):
        assert "allergies" not in nothing_of(case)


def test_medicine_that_does_not_fit_its_answer_is_asked_about_where_it_is_typed(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "medicines", [])

    html = take(client, case, "tranylcypromine")

    assert "Do these fit?" in html
    assert "The medicines listed have tranylcypromine (MAO inhibitor)" in html
    answer(case, therapist, "medicines", ["maoi"])
    assert "Do these fit?" not in client.get(url(case)).content.decode()


def test_row_that_is_changed_from_the_medicines_leads_back_to_them_and_to_the_letter(
    client: Client, case: Case, therapist: User
) -> None:
    letter = "5f0c5c0e-5f25-4a4e-9a55-0c0b0b0b0b0b"
    here = f"{url(case)}?letter={letter}"
    client.post(here, {"none_of": "medicines"})
    assert "There are none." in client.get(here).content.decode()
    client.post(here, {"name": "lithium"})
    with clinic_of(therapist):
        [row] = rows_of(case)
        assert "medicines" not in nothing_of(case)
    change = reverse("history:row", args=[case.pk, row.pk])
    way = f"?now&letter={letter}"
    page = client.get(here).content.decode()

    assert f'href="{change}?now&amp;letter={letter}"' in page
    shown = client.get(change + way).content.decode()
    version = shown.split('name="version" value="')[1].split('"')[0]
    saved = client.post(change + way, {"name": "lithium", "dose": "900 mg", "version": version})
    assert saved["Location"] == here
    add = reverse("history:add", args=[case.pk, "allergies"])
    assert client.post(add + way, {"substance": "Penicillin"})["Location"] == here
    remove = reverse("history:remove", args=[case.pk, row.pk])
    assert f'action="{remove}?now=&amp;letter={letter}"' in shown
    assert client.post(remove + way)["Location"] == here
    with clinic_of(therapist):
        assert not history_of(case).medicines


def test_odd_letter_in_the_address_leads_to_the_next_question(client: Client, case: Case) -> None:
    html = client.get(f"{url(case)}?letter=//evil.example").content.decode()

    assert "evil.example" not in html.replace("?letter=//evil.example", "")
    assert "Back to the next question" in html


def test_next_medicine_is_typed_where_the_last_was(client: Client, case: Case) -> None:
    swapped = client.get(url(case), headers={"HX-Request": "true"}).content.decode()

    assert " autofocus\n" in swapped
    assert " autofocus" not in client.get(url(case)).content.decode()
