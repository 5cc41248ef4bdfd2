"""Questionnaires, responses and what is made of them, judged by a validator that is not ours."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from decisions.cases.json_lines import write_outcome
from decisions.fhir.questionnaires.forms import form_ids, form_named, written_form
from decisions.fhir.responses.deciding import decided
from decisions.fhir.responses.observations import Taken, extracted
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.engine.decide import decide
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from tests.decisions.fhir.emitted import assert_valid
from tests.decisions.random_lines import random_answers


def every_resource(count: int) -> list[dict[str, Any]]:
    """Every questionnaire, and what so many cases give."""
    form = form_named("edition-2026.2")
    assert form is not None
    rng = Random(60)
    found = [written.resource for one in form_ids() if (written := written_form(one))]
    for n in range(count):
        raw = {name: one for name, one in random_answers(rng).items() if one is not None}
        head = Head("completed", id=f"r-{n}", subject="p-1", authored="2026-11-28")
        found.append(write_response(form, raw, head))
        taken = Taken(form, "completed", f"r-{n}", subject="p-1", authored="2026-11-28")
        found.append(extracted(taken, raw))
        given = form.edition, Answers.read(form.edition.questionnaire, raw), load_dossier()
        said = json.loads(write_outcome(None, decide(*given), robustness_of(*given)))
        found.append(decided({name: one for name, one in said.items() if name != "id"}))
    return found


def test_each_is_valid_to_another_validator() -> None:
    assert_valid(every_resource(4))


@pytest.mark.long
@pytest.mark.parametrize("judge", ["fhir", "schema", "medplum", "R4B", "fhirclient"])
def test_sixty_cases_are_valid_to_all_of_them(judge: str) -> None:
    assert_valid(every_resource(60), by=judge)
