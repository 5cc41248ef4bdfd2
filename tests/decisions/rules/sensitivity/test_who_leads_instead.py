"""What would change who leads: against every single change, decided again."""

from __future__ import annotations

from typing import Any

from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.who_leads_instead import LeadChange, who_leads_instead
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import answers_of, base_with, decide_raw, read_vignettes
from tests.oracles.brute_force_changes import single_changes

KETAMINE = OptionId.KETAMINE


def found_for(raw: dict[str, Any]) -> tuple[LeadChange, ...]:
    return who_leads_instead(load_edition(), answers_of(raw), load_dossier())


def leading_with(raw: dict[str, Any], question: str, to: Any) -> tuple[OptionId, ...]:
    return decide_raw({**raw, question: list(to) if isinstance(to, tuple) else to}).leading


@for_each("patient", read_vignettes()[:16], ids=lambda one: one["id"])
def test_every_single_change_of_who_leads_is_named_and_no_other(patient: dict[str, Any]) -> None:
    raw = patient["answers"]
    now = decide_raw(raw).leading

    found = found_for(raw)

    for one in found:
        assert leading_with(raw, one.step.question, one.step.to) == one.leading != now
    expected = {
        (question, leading)
        for question, to in single_changes(raw)
        if (leading := leading_with(raw, question, to)) != now
    }
    assert {(one.step.question, one.leading) for one in found} == expected


def test_the_nearest_number_stands_for_all_and_another_option_comes_first() -> None:
    found = found_for(base_with())

    assert [one.leading for one in found[:2]] == [(KETAMINE,), (KETAMINE,)]
    assert {one.step.question for one in found[:2]} == {"daily_visits", "tms_access"}
    pressures = [one.step for one in found if one.step.question == "bp_systolic"]
    assert [step.to for step in pressures] == [181]
