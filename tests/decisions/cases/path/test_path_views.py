"""The short path as pages: card by card, without script, by htmx, and by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.models import Case
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.questionnaire import QuestionType
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import (
    POSITIVE_FORM,
    answer,
    clinic_of,
    file_for,
    make_case,
    token_in,
)
from tests.decisions.rules.cases import EARLIER_EDITION, vignette

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
PATIENT = vignette("responder-relapsed")
ENOUGH = {name: PATIENT[name] for name in load_edition().short_path.must_be_known}


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def path_url(case: Case) -> str:
    return reverse("cases:path", args=[case.pk])


def card_url(case: Case, question_id: str) -> str:
    return reverse("cases:card", args=[case.pk, question_id])


def shown(html: str) -> str:
    """The question of the card on a page; empty on the last one."""
    found = re.search(r'id="card" data-question="(\w+)"', html)
    assert found
    return "" if found[1] == "leave" else found[1]


def fields_for(question_id: str, raw: Any) -> dict[str, Any]:
    """What a person leaves in the controls of a card."""
    question = load_edition().questionnaire.question(question_id)
    if raw == "unknown":
        return {"not_known": "1"}
    if question.type is QuestionType.INSTRUMENT:
        return {
            f"{question_id}.total": sum(raw["items"]),
            f"{question_id}.item9_alone": raw["items"][8],
        }
    if question.type is QuestionType.CHOICES:
        return {question_id: raw or ["none-of-these"]}
    return {question_id: str(raw)}


def give(client: Client, case: Case, html: str, **answers: Any) -> Any:
    """Answer the card on a page."""
    name = shown(html)
    tokens = {f"{one}.token": token_in(html, one) for one in answers}
    fields: dict[str, Any] = {}
    for one, raw in answers.items():
        fields |= fields_for(one, raw)
    return client.post(card_url(case, name), {**tokens, **fields})


def on_card(html: str) -> list[str]:
    """The questions of the card on a page."""
    found = re.search(r'data-together="([\w ]*)"', html)
    return found[1].split() if found else []


def walk(client: Client, case: Case, url: str) -> tuple[list[str], str]:
    """Answer card by card; gives what was asked, and the page on which it ends."""
    asked: list[str] = []
    more = 99
    while shown(html := client.get(url).content.decode()):
        names = on_card(html)
        left = to_come(html)
        assert left < more, "each answer brings the end nearer"
        more = left
        asked += names
        if "No to each of these" in html:
            post = {f"{one}.token": token_in(html, one) for one in names}
            response = client.post(card_url(case, names[0]), {**post, "rest_no": "1"})
        else:
            given = {one: PATIENT.get(one, "unknown") for one in names}
            response = give(client, case, html, **given)
        assert response["Location"] == path_url(case)
    return asked, html


def test_whole_path_without_script_asks_each_once_offers_its_answer_and_ends(
    client: Client, case: Case, therapist: User
) -> None:
    asked, html = walk(client, case, path_url(case))
    assert "more questions to you can change the answer" in html
    assert len(asked) < 20
    rest = f"{path_url(case)}?ask=rest"
    assert f'href="{rest}"' in html
    more, html = walk(client, case, rest)
    asked += more

    assert len(set(asked)) == len(asked)
    assert len(asked) <= 32
    assert "The rest is for others to clear" in html
    answers: dict[str, Any] = file_for(case, therapist).raw_answers
    assert {name: answers[name] for name in asked if name != "phq9"} == {
        name: PATIENT.get(name, "unknown") for name in asked if name != "phq9"
    }
    assert answers["phq9"]["total"] == sum(PATIENT["phq9"]["items"])
    decision = client.get(reverse("cases:decision", args=[case.pk])).content.decode()
    assert re.search(r"would lead if \d+ open questions are cleared", decision)
    assert re.search(r"Still open: (?:[^<;]+[; ]+){3}<a [^>]+>and \d+ more</a>", decision)
    client.post(path_url(case), {"leave": "prescriber"})
    html = client.get(path_url(case)).content.decode()
    assert "Left to the prescriber: " in html
    assert file_for(case, therapist).raw_answers["heart"] == "left_to_prescriber"
    client.post(path_url(case), {"take_back": "prescriber"})
    assert "heart" not in file_for(case, therapist).raw_answers


def test_no_answer_may_be_seen_as_the_end_before_what_comes_first_is_asked(
    client: Client, therapist: User
) -> None:
    early = make_case(therapist, **ENOUGH)
    html = client.get(path_url(early)).content.decode()
    assert "Stop: see the answer" not in html

    for name, raw in PATIENT.items():
        answer(early, therapist, name, raw)
    assert not shown(client.get(path_url(early)).content.decode())


def test_back_leads_through_the_cards_in_the_order_in_which_they_were_answered(
    client: Client, case: Case
) -> None:
    names = []
    for raw in ("44", "mdd", "none"):
        html = client.get(path_url(case)).content.decode()
        names.append(shown(html))
        give(client, case, html, **{names[-1]: raw})

    html = client.get(path_url(case)).content.decode()
    for name in reversed(names):
        found = re.search(r'class="k-back" href="([^"]+)" data-back', html)
        assert found
        assert found[1] == card_url(case, name)
        html = client.get(found[1]).content.decode()
    assert "data-back" not in html
    assert 'value="44"' in html


def test_same_answer_again_keeps_its_day(client: Client, case: Case, therapist: User) -> None:
    earlier = timezone.localdate() - timedelta(days=20)
    answer(case, therapist, "diagnosis", "mdd", assessed_on=earlier)

    html = client.get(card_url(case, "diagnosis")).content.decode()
    give(client, case, html, diagnosis="mdd")

    assert file_for(case, therapist).assessed_on("diagnosis") == earlier


def test_day_is_asked_beside_blood_pressure_once_for_both(
    client: Client, case: Case, therapist: User
) -> None:
    html = client.get(card_url(case, "bp_systolic")).content.decode()
    tokens = {f"{name}.token": token_in(html, name) for name in ("bp_systolic", "bp_diastolic")}
    day = {"bp_systolic.assessed_on": "2026-11-02"}
    pressure = {"bp_systolic": "138", "bp_diastolic": "86"}

    client.post(card_url(case, "bp_systolic"), {**tokens, **day, **pressure})

    file = file_for(case, therapist)
    assert {name: file.raw_answers[name] for name in pressure} == {
        "bp_systolic": 138,
        "bp_diastolic": 86,
    }
    assert {file.assessed_on(name) for name in pressure} == {date(2026, 11, 2)}


def test_one_press_says_no_to_what_has_no_answer_on_its_card_and_to_nothing_else(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "withdrawal_now")
    html = client.get(url).content.decode()
    names = ["mania_now", "life_threatening", "withdrawal_now"]
    assert on_card(html) == names
    post = {f"{one}.token": token_in(html, one) for one in names}

    chosen = {"mania_now": "yes", "life_threatening": "unknown"}
    client.post(url, {**post, **chosen, "rest_no": "1", "escort": ""})
    alone = client.post(card_url(case, "dissociation_fear"), {"rest_no": "1"})

    assert alone.status_code == 422, "a card of one question is answered by its own rows"
    answers = file_for(case, therapist).raw_answers
    assert answers == {**chosen, "withdrawal_now": "no"}


@for_each(
    ("name", "fields", "told"),
    [
        ("mania_now", {"mania_now": "no"}, "Answer, or choose Not known"),
        ("bp_systolic", {"bp_systolic": "138"}, "Answer, or choose Not known"),
        ("bp_systolic", {"bp_systolic": "1380", "bp_diastolic": "86"}, "from 50 to 300"),
        ("diagnosis", {}, "Answer, or choose Not known"),
        ("diagnosis", {"diagnosis": "dragons"}, "Choose one of the answers shown"),
        ("phq9", {"phq9.total": "99"}, "27"),
    ],
    undone=True,
)
def test_what_is_missing_or_wrong_is_said_on_the_card(
    client: Client, case: Case, name: str, fields: dict[str, str], told: str
) -> None:
    html = client.get(card_url(case, name)).content.decode()
    tokens = dict(re.findall(r'name="([a-z0-9_]+\.token)" value="([^"]*)"', html))

    response = client.post(card_url(case, name), {**tokens, **fields})

    assert response.status_code == 422
    assert told in response.content.decode()
    assert shown(response.content.decode()) == name


def test_items_scored_before_stay_unless_a_total_takes_their_place(
    client: Client, case: Case, therapist: User
) -> None:
    answer(case, therapist, "phq9", POSITIVE_FORM)
    url = card_url(case, "phq9")
    html = client.get(url).content.decode()
    hidden = dict(re.findall(r'name="(phq9\.item\d)" value="(\d)"', html))
    token = {"phq9.token": token_in(html, "phq9")}

    client.post(url, {**token, **hidden, "phq9.total": "", "phq9.item9_alone": ""})
    assert file_for(case, therapist).raw_answers["phq9"] == POSITIVE_FORM
    client.post(url, {**token, **hidden, "phq9.total": "12", "phq9.item9_alone": "0"})
    assert file_for(case, therapist).raw_answers["phq9"] == {"total": 12, "item9": 0}


def fields_on(html: str) -> dict[str, str]:
    """What a browser would send of the PHQ-9 on a card as it is shown."""
    typed = r'name="(phq9\.(?:total|item9_alone|assessed_on))"[^>]* value="([^"]*)"'
    fields = dict(re.findall(typed, html))
    if re.search(r'name="phq9\.item9_unknown"[^>]* checked', html):
        fields["phq9.item9_unknown"] = "1"
    return {**fields, "phq9.token": token_in(html, "phq9")}


def test_total_without_item9_is_saved_and_asked_about_until_it_is_said_not_to_be_known(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "phq9")
    html = client.get(url).content.decode()

    for total in (12, 12, 20):  # as typed, as shown again, and another one over it
        asked = client.post(url, {**fields_on(html), "phq9.total": str(total)})
        html = asked.content.decode()
        assert "Enter item 9, or tick that it is not known" in html
        assert asked.status_code == 200, "it is saved"
        assert file_for(case, therapist).raw_answers["phq9"] == {"total": total}
        html = client.get(url).content.decode()
    said = client.post(url, {**fields_on(html), "phq9.item9_unknown": "1"})

    assert said.status_code == 302
    assert file_for(case, therapist).raw_answers["phq9"] == {"total": 20}
    assert "phq9.item9_unknown" not in fields_on(client.get(url).content.decode())


def test_item9_that_was_not_known_can_be_entered_and_raises_the_safety_task(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "phq9")
    form = {"phq9.total": "12", "phq9.item9_alone": "", "phq9.item9_unknown": "1"}
    said = client.post(url, {**fields_on(client.get(url).content.decode()), **form})

    html = client.get(url).content.decode()
    client.post(url, {**fields_on(html), "phq9.item9_alone": "2"})

    assert said.status_code == 302
    assert file_for(case, therapist).raw_answers["phq9"] == {"total": 12, "item9": 2}
    assert file_for(case, therapist).has_open_task


def test_question_about_item9_writes_over_nobody(
    client: Client, case: Case, therapist: User
) -> None:
    url = card_url(case, "phq9")
    first = client.post(url, {**fields_on(client.get(url).content.decode()), "phq9.total": "12"})
    mine = fields_on(first.content.decode())
    answer(case, therapist, "phq9", {"total": 20})

    again = client.post(url, mine)
    conflict = client.post(url, {**mine, "phq9.item9_alone": "1"})

    assert fields_on(again.content.decode())["phq9.total"] == "20"
    assert conflict.status_code == 409
    assert file_for(case, therapist).raw_answers["phq9"] == {"total": 20}


def test_wrong_total_is_what_the_mark_is_on(client: Client, case: Case, therapist: User) -> None:
    answer(case, therapist, "phq9", {"total": 12})
    url = card_url(case, "phq9")

    wrong = client.post(url, {**fields_on(client.get(url).content.decode()), "phq9.total": "99"})

    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert re.findall(r'id="(phq9-[\w-]+)"[^>]* aria-invalid="true"', html) == ["phq9-total"]


def test_form_without_a_safety_item_is_not_asked_about_one(client: Client, case: Case) -> None:
    url = card_url(case, "gad7")
    html = client.get(url).content.decode()

    response = client.post(url, {"gad7.token": token_in(html, "gad7"), "gad7.total": "9"})

    assert response.status_code == 302
    assert "item9_unknown" not in html


def test_htmx_gets_the_next_card_with_the_notice_the_answer_makes(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **{**ENOUGH, "phq9": None, "suicide_risk": None})
    html = client.get(card_url(case, "phq9")).content.decode()
    form = {"phq9.total": "18", "phq9.item9_alone": "1", "phq9.token": token_in(html, "phq9")}

    response = client.post(
        card_url(case, "phq9"), {**form, "question": "phq9"}, headers={"HX-Request": "true"}
    )

    html = response.content.decode()
    assert shown(html) == "suicide_risk", "what an act-first rule asks for comes next"
    assert "Act on this first" in html
    assert 'id="so-far"' in html
    assert "<html" not in html
    assert response["HX-Replace-Url"] == path_url(case)


def test_two_people_choose_which_answer_stays(client: Client, case: Case, therapist: User) -> None:
    url = card_url(case, "diagnosis")
    html = client.get(url).content.decode()
    answer(case, therapist, "diagnosis", "bipolar")

    response = give(client, case, html, diagnosis="mdd")

    html = response.content.decode()
    assert response.status_code == 409
    assert "Bipolar depression" in html
    token = {"diagnosis.token": token_in(html, "diagnosis"), "diagnosis": "mdd"}
    keep = re.search(r'name="keep" value="([^"]+)"', html)
    assert keep
    assert client.post(url, {**token, "keep": keep[1]})["Location"] == path_url(case)
    assert file_for(case, therapist).raw_answers["diagnosis"] == "mdd"


def test_group_can_be_asked_here(client: Client, therapist: User) -> None:
    known = {name: raw for name, raw in PATIENT.items() if name != "heart"}
    case = make_case(therapist, **known)

    html = client.get(f"{path_url(case)}?ask=prescriber").content.decode()

    assert shown(html) in load_edition().short_path.cleared_by["prescriber"].questions
    assert "ask=prescriber" in html


def test_what_is_still_to_come_never_grows_while_a_group_is_asked_here(
    client: Client, case: Case, therapist: User
) -> None:
    url = f"{path_url(case)}?ask=tms_provider"
    before = to_come(client.get(url).content.decode())

    answer(case, therapist, "tms_courses", 3)

    assert to_come(client.get(url).content.decode()) < before


def to_come(html: str) -> int:
    """How many cards are left at most, as the card says."""
    found = re.search(r"At most (\d+) (?:before the answer|more)</p>", html)
    assert found
    return int(found[1])


def test_card_of_a_question_that_is_not_asked_shows_the_next_one(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **{**PATIENT, "tms_courses": 0, "diagnosis": None})

    assert shown(client.get(card_url(case, "tms_now")).content.decode()) == "diagnosis"


def test_case_of_an_earlier_edition_is_asked_in_short_and_leaves_nothing_to_others(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, **ENOUGH)
    with clinic_of(therapist):
        Case.objects.filter(pk=case.pk).update(edition=EARLIER_EDITION)

    html = client.get(path_url(case)).content.decode()

    assert shown(html) == "psychosis"
    assert "before the answer" in html
    assert client.post(path_url(case), {"leave": "prescriber"}).status_code == 404


@for_each("address", ["path/dragons/", "path/phq9_total/"])
def test_unknown_card_is_not_found(client: Client, case: Case, address: str) -> None:
    assert client.get(f"{reverse('cases:case', args=[case.pk])}{address}").status_code == 404
    assert client.post(path_url(case), {"leave": "nobody"}).status_code == 404
