"""Totals and conditions of our questionnaires in two engines of FHIRPath that are not ours."""

from __future__ import annotations

import json
import subprocess
from random import Random
from typing import Any

import pytest

from decisions.fhir.questionnaires.conditions import expression_of
from decisions.fhir.questionnaires.forms import form_named
from decisions.fhir.questionnaires.instruments import total_expression, total_link_id
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Scores
from tests.decisions.fhir.emitted import FOREIGN
from tests.decisions.random_lines import random_answers

pytestmark = pytest.mark.slow

ENGINES = {
    "fhirpath.js": ["node", str(FOREIGN / "fhirpath.mjs")],
    "fhirpathpy": [str(FOREIGN / ".venv" / "bin" / "python"), str(FOREIGN / "fhirpath.py")],
}
Asked = tuple[dict[str, Any], str]


def found_by(engine: str, asked: list[Asked]) -> list[Any]:
    lines = "".join(
        json.dumps({"resource": resource, "expression": expression}) + "\n"
        for resource, expression in asked
    )
    ran = subprocess.run(
        ENGINES[engine], input=lines, capture_output=True, text=True, timeout=1200, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


def totals(count: int) -> tuple[list[Asked], list[list[int]]]:
    """Forms, each second one with an item missing, and the totals that we make of them."""
    rng, asked, ours = Random(11), [], []
    for n in range(count):
        form = form_named(rng.choice(["phq9", "gad7"]))
        assert form is not None
        assert form.instrument is not None
        items: list[int | None] = [rng.randint(0, 3) for _ in form.instrument.items]
        if n % 4 == 0:
            items[rng.randrange(len(items))] = None
        resource = write_response(form, {form.id: {"items": items}}, Head("completed"))
        total = total_link_id(form.id)
        resource["item"] = [one for one in resource["item"] if one["linkId"] != total]
        scored = Scores(items=tuple(items)).total
        ours.append([] if scored is None else [scored])
        asked.append((resource, total_expression(form.instrument)))
    return asked, ours


def conditions(count: int) -> tuple[list[Asked], list[list[bool]]]:
    """Every condition as an expression, over answers of which each is asked."""
    edition, rng, asked, ours = load_edition(), Random(12), [], []
    form = form_named(f"edition-{edition.id}")
    assert form is not None
    for _ in range(count):
        raw = {name: one for name, one in random_answers(rng).items() if one is not None}
        answers = Answers.read(edition.questionnaire, raw)
        raw = {name: one for name, one in raw.items() if answers.is_asked(name)}
        resource = write_response(form, raw, Head("completed"))
        for question in edition.questionnaire.questions:
            if question.ask_when is not None:
                asked.append((resource, expression_of(edition, question.ask_when)))
                ours.append([answers.is_asked(question.id)])
    return asked, ours


def holds(found: list[Any]) -> list[bool]:
    """An expression that finds nothing enables nothing."""
    return [bool(found) and found[0] is True]


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_of_others_find_our_totals_and_what_we_ask(engine: str) -> None:
    sums, ours = totals(20)
    asked, wanted = conditions(2)

    found = found_by(engine, [*sums, *asked])

    assert found[: len(sums)] == ours
    assert [holds(one) for one in found[len(sums) :]] == wanted


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_they_do_so_a_thousand_times(engine: str) -> None:
    sums, ours = totals(1000)
    asked, wanted = conditions(100)

    found = found_by(engine, [*sums, *asked])

    assert found[: len(sums)] == ours
    assert [holds(one) for one in found[len(sums) :]] == wanted
