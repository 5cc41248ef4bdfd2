"""Controls of a page: what stands in them, and the plain answer that they make."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from decisions.cases.section.controls import (
    Filled,
    Token,
    filled_by_answer,
    filled_by_post,
    read_day,
    read_filled,
)
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answer_values import AnswerProblem
from decisions.rules.questionnaire.questionnaire import Question
from tests.collecting import for_each

TODAY = date(2026, 11, 23)


def question(question_id: str) -> Question:
    return load_edition().questionnaire.question(question_id)


def posted(query: str, question_id: str) -> object:
    asked = question(question_id)
    return read_filled(asked, filled_by_post(asked, QueryDict(query)))


@for_each(
    ("query", "question_id", "raw"),
    [
        ("", "bp_systolic", None),
        ("bp_systolic= 124 ", "bp_systolic", 124),
        ("bp_systolic=50", "bp_systolic", 50),
        ("bp_systolic=300", "bp_systolic", 300),
        ("bp_systolic.unknown=unknown", "bp_systolic", "unknown"),
        ("", "thyroid", None),
        ("thyroid=yes", "thyroid", "yes"),
        ("thyroid=unknown", "thyroid", "unknown"),
        ("diagnosis=mdd", "diagnosis", "mdd"),
        ("", "comorbidities", None),
        ("comorbidities=none-of-these", "comorbidities", []),
        ("comorbidities=unknown", "comorbidities", "unknown"),
        (
            "comorbidities=dissociative_disorder&comorbidities=ocd",
            "comorbidities",
            ["ocd", "dissociative_disorder"],
        ),
        ("phq9.item1=2", "phq9", {"items": [2, *[None] * 8]}),
        ("phq9.total=15", "phq9", {"total": 15}),
        ("phq9.total=15&phq9.item9_alone=1", "phq9", {"total": 15, "item9": 1}),
        ("phq9.item1=2&phq9.total=15&phq9.use_total=1", "phq9", {"total": 15}),
        ("phq9.unknown=unknown", "phq9", "unknown"),
        ("gad7.total=21", "gad7", {"total": 21}),
    ],
)
def test_controls_make_the_answer_of_the_contract(
    query: str, question_id: str, raw: object
) -> None:
    assert posted(query, question_id) == raw


@for_each(
    ("query", "question_id", "words"),
    [
        ("bp_systolic=49", "bp_systolic", "from 50 to 300, or choose Not known"),
        ("bp_systolic=301", "bp_systolic", "from 50 to 300"),
        ("bp_systolic=12.5", "bp_systolic", "whole number"),
        ("bp_systolic=-1", "bp_systolic", "whole number"),
        ("bp_systolic=124&bp_systolic.unknown=unknown", "bp_systolic", "not both"),
        ("age_years=121", "age_years", "from 0 to 120"),
        ("age_years.unknown=unknown", "age_years", "leave it open"),
        ("thyroid=maybe", "thyroid", "Choose one of the answers"),
        ("comorbidities=ocd&comorbidities=none-of-these", "comorbidities", "untick the others"),
        ("comorbidities=ocd&comorbidities=unknown", "comorbidities", "untick the others"),
        ("comorbidities=dragons", "comorbidities", "Choose one of the answers"),
        ("phq9.item1=4", "phq9", "0 to 3"),
        ("phq9.item1=x", "phq9", "for each item"),
        ("phq9.total=28", "phq9", "0 to 27"),
        ("phq9.total=many", "phq9", "whole number"),
        ("phq9.total=2&phq9.item9_alone=3", "phq9", "cannot hold"),
        ("phq9.total=26&phq9.item9_alone=0", "phq9", "cannot hold"),
        ("phq9.item9_alone=1", "phq9", "total too"),
        ("phq9.item1=1&phq9.total=15", "phq9", "in place of the items"),
        ("phq9.item1=1&phq9.unknown=unknown", "phq9", "Clear the scores"),
    ],
)
def test_wrong_controls_say_what_to_enter(query: str, question_id: str, words: str) -> None:
    with pytest.raises(AnswerProblem, match=words):
        posted(query, question_id)


@for_each(
    ("question_id", "raw"),
    [
        ("bp_systolic", 124),
        ("bp_systolic", "unknown"),
        ("thyroid", "no"),
        ("comorbidities", []),
        ("comorbidities", ["ocd"]),
        ("comorbidities", "unknown"),
        ("phq9", {"items": [0, 1, 2, 3, None, 0, 0, 0, 0]}),
        ("phq9", {"total": 15, "item9": 0}),
        ("phq9", {"total": 15}),
        ("phq9", "unknown"),
        ("gad7", {"items": [1] * 7}),
    ],
)
def test_a_stored_answer_fills_the_controls_that_make_it(question_id: str, raw: object) -> None:
    asked = question(question_id)

    assert read_filled(asked, filled_by_answer(asked, raw, TODAY)) == raw


def test_every_touch_changes_the_digest() -> None:
    filled = Filled(text="124", assessed_on="2026-11-23")

    others = [Filled(text="125", assessed_on="2026-11-23"), Filled(text="124"), Filled()]

    assert all(filled.digest != other.digest for other in others)


@pytest.mark.parametrize("text", ["", "x.y", "-1.abc", "99999999999.abc"])
def test_an_odd_token_counts_as_no_version(text: str) -> None:
    assert Token.read(text).version == 0


@pytest.mark.parametrize("text", ["2026-11-20", "11/20/2026"])
def test_a_day_is_read_from_a_picker_or_as_typed(text: str) -> None:
    assert read_day(Filled(assessed_on=text), today=TODAY, born=None) == date(2026, 11, 20)


@pytest.mark.parametrize("text", ["2026-11-24", "1979-12-31", "20 Nov", "2026-13-01"])
def test_a_day_after_today_or_before_birth_is_refused(text: str) -> None:
    with pytest.raises(AnswerProblem):
        read_day(Filled(assessed_on=text), today=TODAY, born=date(1980, 1, 1))
