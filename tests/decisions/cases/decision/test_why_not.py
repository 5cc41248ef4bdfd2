"""Why not this option: what stands in its way, in order, and nothing that does not."""

from __future__ import annotations

from typing import Any

from decisions.cases.decision.why_not import InTheWay, Obstacle
from decisions.cases.decision.why_not import why_not as obstacles
from decisions.rules.engine.outcome_sums import sum_in
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import OptionId
from tests.collecting import for_each
from tests.decisions.rules.cases import base_with, decide_raw, read_vignettes, vignette

KETAMINE, REPEAT_TMS, BOTH = OptionId


def why_not(outcome: Outcome, option: OptionId) -> tuple[Obstacle, ...]:
    return obstacles(outcome, option, total=sum_in(outcome, option))


def kinds(raw: dict[str, Any], option: OptionId) -> list[InTheWay]:
    return [one.kind for one in why_not(decide_raw(raw), option)]


def test_a_stop_says_its_sentence() -> None:
    (first, *_) = why_not(decide_raw(vignette("aneurysm")), KETAMINE)

    assert first.kind is InTheWay.STOP
    assert first.because.startswith("Aneurysm")


def test_what_comes_first_is_said_first() -> None:
    assert kinds(base_with(bp_systolic=190), REPEAT_TMS)[0] is InTheWay.ACT_FIRST


def test_a_missing_answer_is_said_and_counted() -> None:
    found = why_not(decide_raw(base_with(heart=None)), KETAMINE)

    pending = next(one for one in found if one.kind is InTheWay.PENDING)
    assert pending.more == 1


def test_a_bar_is_said_and_weights_are_not() -> None:
    assert kinds(base_with(ketamine_access=[]), KETAMINE) == [InTheWay.BAR]


def test_another_option_that_leads_is_named() -> None:
    (only,) = why_not(decide_raw(vignette("responder-relapsed")), KETAMINE)

    assert only == Obstacle(InTheWay.OUTWEIGHED, other=REPEAT_TMS)


def test_both_without_a_reason_of_its_own_says_so() -> None:
    raw = base_with(preference="both", tms_best_response="response", ketamine_history="never")

    assert InTheWay.BAR in kinds({**raw, "speed_needed": "weeks"}, BOTH)


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_whatever_does_not_lead_has_something_in_its_way(one: dict[str, Any]) -> None:
    outcome = decide_raw(one["answers"])

    for option in OptionId:
        found = why_not(outcome, option)
        order = [list(InTheWay).index(each.kind) for each in found]
        assert bool(found) or outcome.options[option].leads
        assert order == sorted(order)
