"""LForms shows what we ask, sends what we take, and the decision and the total are ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser

from decisions.fhir.questionnaires.forms import Form, form_named, written_form
from decisions.fhir.responses.reading import read_response
from decisions.fhir.responses.writing import Head, write_response
from decisions.follow_up.assessments.models import Assessment
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from kapnet.core.people.models import Clinic, User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.fhir.emitted import assert_valid
from tests.decisions.fhir.lforms import LForms, lforms
from tests.decisions.fhir.test_received import post
from tests.decisions.random_lines import random_answers
from tests.kapnet.core.clients.client_factories import make_api_client, program

EDITION = "edition-2026.2"


def form(form_id: str) -> Form:
    found = form_named(form_id)
    assert found is not None
    return found


def questionnaire(form_id: str) -> dict[str, Any]:
    written = written_form(form_id)
    assert written is not None
    return written.resource


def random_cases(count: int) -> Iterator[dict[str, Any]]:
    rng = Random(40)
    for _ in range(count):
        yield {name: one for name, one in random_answers(rng).items() if one is not None}


def shows_and_decides_as_we_do(page: LForms, raw: dict[str, Any]) -> dict[str, Any]:
    edition = form(EDITION).edition
    answers = Answers.read(edition.questionnaire, raw)
    given = write_response(form(EDITION), raw, Head("completed", authored="2026-11-28"))

    sent, shown = page.fill(questionnaire(EDITION), given)

    conditional = [one for one in edition.questionnaire.questions if one.ask_when is not None]
    assert {one.id for one in conditional if one.id in shown} == {
        one.id for one in conditional if answers.is_asked(one.id)
    }
    read = read_response(sent).answers
    on_form = {name: one for name, one in raw.items() if answers.is_asked(name)}
    # It sends what a response holds for a question that an expression hides (findings).
    assert read.keys() - on_form.keys() <= {"home_support"}
    kept = {name: one for name, one in read.items() if name in on_form}
    assert decided(edition, kept) == decided(edition, on_form)
    assert verdicts(edition, read) == verdicts(edition, raw)
    for name, one in on_form.items():
        wanted = sorted(one) if isinstance(one, list) else one
        found = read.get(name)
        assert (sorted(found) if isinstance(found, list) else found) == wanted or is_lost(one), name
    return sent


def decided(edition: Edition, raw: Mapping[str, Any]) -> Outcome:
    return decide(edition, Answers.read(edition.questionnaire, raw), load_dossier())


def verdicts(edition: Edition, raw: Mapping[str, Any]) -> tuple[object, ...]:
    """What an answer to a question that is not asked cannot change; it can change what is open."""
    outcome = decided(edition, raw)
    options = {name: (one.verdict, one.barred) for name, one in outcome.options.items()}
    return outcome.leading, outcome.close, outcome.by_preference, options


def is_lost(raw: Any) -> bool:
    """What LForms has no place for: a number or form that is not known, a form without items."""
    items = raw.get("items", [0]) if isinstance(raw, dict) else [0]
    return raw == "unknown" or all(one is None for one in items)


def scored_as_we_do(page: LForms, items: list[int | None]) -> dict[str, Any]:
    """A form that begins with these answers: of one that was sent before LForms keeps the total."""
    begun = deepcopy(questionnaire("phq9"))
    for item, points in zip(begun["item"], items, strict=False):
        for option in item["answerOption"]:
            if option["extension"][0]["valueDecimal"] == points:
                option["initialSelected"] = True

    sent, _ = page.fill(begun, None)

    totals = [one["answer"] for one in sent.get("item", []) if one["linkId"] == "/44261-6"]
    known = [one for one in items if one is not None]
    wanted = [[{"valueInteger": sum(known)}]] if len(known) == len(items) else []
    assert totals == wanted, items
    assert read_response(sent).answers == {"phq9": {"items": items}}
    return sent


# With the browser's other tests, after those that need an event loop of their own.
@pytest.mark.django_db(transaction=True)
def test_lforms_asks_decides_and_sends_as_we_do(
    chromium: Browser, clinic: Clinic, therapist: User
) -> None:
    with lforms(chromium) as page:
        sent = [shows_and_decides_as_we_do(page, raw) for raw in random_cases(3)]
        scored_as_we_do(page, [1] * 8 + [None])
        form_sent = scored_as_we_do(page, [3] * 9)
        case = make_case(therapist)
        posted = {**form_sent, "subject": {"reference": f"Patient/{case.pk}"}}
        answered = post(program(make_api_client(clinic)), posted)
        assert answered.status_code == 201, answered.content
        with clinic_of(therapist):
            assert Assessment.objects.get(case=case).total == 27
        back, _ = page.fill(questionnaire("phq9"), answered.json())
        assert read_response(back).answers == read_response(form_sent).answers
    assert_valid([*sent, form_sent])


@pytest.mark.long
def test_lforms_does_so_in_sixty_cases(chromium: Browser) -> None:
    with lforms(chromium) as page:
        for raw in random_cases(60):
            shows_and_decides_as_we_do(page, raw)


@pytest.mark.long
def test_lforms_has_our_total_of_each_form(chromium: Browser) -> None:
    rng = Random(41)
    vectors: list[list[int | None]] = [[points] * 9 for points in range(4)]
    vectors += [
        [points if n == place else 0 for n in range(9)]
        for place in range(9)
        for points in (1, 2, 3)
    ]
    vectors += [[None if n == place else 2 for n in range(9)] for place in range(9)]
    vectors += [[rng.randint(0, 3) for _ in range(9)] for _ in range(200)]
    with lforms(chromium) as page:
        for items in vectors:
            scored_as_we_do(page, items)
