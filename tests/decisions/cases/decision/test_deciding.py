"""The deciding reasons of each option: at most three, and none of them one-sided."""

from __future__ import annotations

from typing import Any

from decisions.cases.decision.deciding import MOST, Sign
from decisions.cases.decision.option_columns import Column
from decisions.rules.engine.rules import OptionId
from tests.collecting import for_each
from tests.decisions.cases.decision.test_presenters import page_of
from tests.decisions.rules.cases import base_with, read_vignettes, vignette

FIRST = {Sign.STOP, Sign.BAR, Sign.REVIEW}


def of(raw: dict[str, Any], option: OptionId) -> Column:
    return next(column for column in page_of(raw).columns if column.option is option)


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_at_most_three_and_both_sides_where_both_speak(one: dict[str, Any]) -> None:
    for column in page_of(one["answers"]).columns:
        found = column.deciding
        signs = [reason.sign for reason in found.reasons]

        assert len(signs) <= MOST
        assert found.says_for == (Sign.FOR in signs)
        assert found.says_against == any(sign is not Sign.FOR for sign in signs)
        assert all(reason.words and not reason.words[0].islower() for reason in found.reasons)


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_what_forbids_or_holds_back_is_never_left_out_for_what_speaks_for(
    one: dict[str, Any],
) -> None:
    for column in page_of(one["answers"]).columns:
        signs = [reason.sign for reason in column.deciding.reasons]
        has_first = bool(column.outcome.stops or column.outcome.bars or column.outcome.reviews)

        assert has_first == bool(FIRST & set(signs) or column.carried)


def test_a_reason_names_the_source_that_still_counts() -> None:
    stop, *_ = of(vignette("aneurysm"), OptionId.KETAMINE).deciding.reasons

    assert stop.sign is Sign.STOP
    assert stop.words == "Aneurysm, malformation or brain hemorrhage"
    assert stop.source is not None
    assert stop.source.citation.key == "spravato-label"


def test_both_refers_to_its_halves() -> None:
    both = of(vignette("aneurysm"), OptionId.BOTH)

    assert both.carried == ((OptionId.KETAMINE, 1), (OptionId.REPEAT_TMS, 1))
    assert Sign.STOP not in [reason.sign for reason in both.deciding.reasons]
    assert of(base_with(), OptionId.BOTH).carried == ()


def test_a_practical_reason_says_so() -> None:
    bar, *_ = of(vignette("cannot-attend-daily"), OptionId.REPEAT_TMS).deciding.reasons

    assert (bar.sign, bar.is_practical, bar.source) == (Sign.BAR, True, None)
