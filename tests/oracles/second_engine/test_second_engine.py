"""decide() and GoRules' ZEN engine say the same of complete cases, reason by reason.

The graph that ZEN runs is generated from the edition and does its own arithmetic, so that a
mistake in decide() would have to be made twice, in two languages. script/measure/second_engine.py
runs the same comparison on 100,000 cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from decisions.rules.engine.edition import Edition
from decisions.rules.loading import load_edition
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.oracles.independent_conditions import rules
from tests.oracles.second_engine.comparing import SecondEngine, decide_says
from tests.oracles.second_engine.complete_cases import complete_cases

CASES = 300
ENOUGH_FOR_A_RARE_RULE = 10 * CASES
OPTIONS = ("ketamine", "repeat_tms", "both")
IMPOSSIBLE = {("both", "favoured")}
"""Today's evidence supports no reason for both together well enough."""


def bodies_of_evidence() -> Iterator[EvidenceBase]:
    """As curated; without the sources that carry most; without any."""
    yield load_dossier()
    cited = sorted({key for rule in rules() for key in rule.get("evidence", [])})
    yield load_dossier().with_retracted(frozenset(cited[::3]))
    yield load_dossier().with_retracted(frozenset(one.key for one in load_dossier().sources))


@pytest.mark.slow
@pytest.mark.parametrize("evidence", list(bodies_of_evidence()), ids=["curated", "part", "none"])
def test_complete_cases_are_decided_alike(evidence: EvidenceBase) -> None:
    edition = load_edition()
    second = SecondEngine(edition, evidence)

    for answers in islice(complete_cases(1), CASES):
        assert second.says(answers) == decide_says(edition, answers, evidence), answers


def test_cases_meet_every_verdict_and_every_lead() -> None:
    """The comparison would say little of outcomes that its cases never reach."""
    said = [
        decide_says(load_edition(), answers, load_dossier())
        for answers in islice(complete_cases(1), 2 * CASES)
    ]
    verdicts = {(option, one["options"][option]["verdict"]) for one in said for option in OPTIONS}
    possible = {"not_suitable", "specialist_review", "less_suitable", "favoured", "reasonable"}

    assert verdicts == {(o, verdict) for o in OPTIONS for verdict in possible} - IMPOSSIBLE
    assert {tuple(one["leading"]) for one in said} == {(), *((option,) for option in OPTIONS)}
    assert {len(one["close"]) for one in said} == {0, 2, 3}
    assert {one["by_preference"] for one in said} == {False, True}


def rules_about_answers() -> list[str]:
    """All rules but those that speak of what is open: in a complete case nothing is."""
    return [one.id for one in load_edition().rules if '"unanswered"' not in one.model_dump_json()]


@pytest.mark.slow
@for_each("rule_id", rules_about_answers()[::20])
def test_edition_without_a_rule_is_told_apart(rule_id: str) -> None:
    """The comparison notices a single rule that the other engine does not have."""
    edition = load_edition()
    fewer = without(edition, rule_id)
    second = SecondEngine(fewer, load_dossier())

    assert any(
        second.says(answers) != decide_says(edition, answers, load_dossier())
        for answers in islice(complete_cases(2), ENOUGH_FOR_A_RARE_RULE)
    )


def without(edition: Edition, rule_id: str) -> Edition:
    fields: dict[str, Any] = {name: getattr(edition, name) for name in type(edition).model_fields}
    return Edition(**fields | {"rules": tuple(r for r in edition.rules if r.id != rule_id)})


def test_trace_tells_every_rule_that_hit() -> None:
    answers = next(complete_cases(1))
    traced = SecondEngine(load_edition(), load_dossier()).says_with_trace(answers)

    said = decide_says(load_edition(), answers, load_dossier())
    hits = {one["reason"]["rule"] for one in traced["trace"]["rules"]["output"]["rules"]}

    assert traced["result"] == said
    assert {one["rule"] for one in (*said["urgent"], *said["notes"])} <= hits
