"""What is left to do is listed, and goes when its cause does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from evidence import hook_points
from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import Certainty, Kind, Verified
from evidence.loading import load_dossier
from evidence.todo import (
    ToDo,
    ToDoKind,
    months_after,
    review_due,
    todo,
)
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_result, make_source

TODAY = date(2026, 11, 23)
GRADED: dict[str, Any] = {"certainty": Certainty.LOW, "certainty_why": "small"}


def found(evidence: EvidenceBase, **more: Any) -> list[tuple[ToDoKind, str | None]]:
    return [(one.kind, one.key) for one in todo(evidence, today=TODAY, **more)]


def of_one(**fields: Any) -> EvidenceBase:
    return EvidenceBase(release="r", sources=(make_source(**{**GRADED, **fields}),))


def test_sound_source_leaves_nothing_to_do() -> None:
    assert found(of_one()) == []


@for_each(
    ("fields", "kind"),
    [
        ({"doubts": ("Is the year right?",)}, ToDoKind.DOUBT),
        ({"verified": Verified.UNVERIFIED}, ToDoKind.UNVERIFIED),
        ({"certainty": None}, ToDoKind.UNGRADED),
        ({"review_by": date(2026, 11, 22)}, ToDoKind.OVERDUE),
        ({"results": (make_result(value=101),)}, ToDoKind.ODD_NUMBER),
        ({"certainty_why": None}, ToDoKind.ODD_NUMBER),
    ],
)
def test_each_cause_is_listed(fields: dict[str, Any], kind: ToDoKind) -> None:
    assert found(of_one(**fields)) == [(kind, "some-2020")]


def test_numbers_that_nobody_has_read_again_are_in_the_list() -> None:
    dossier = load_dossier()
    second_hand = {
        one.key
        for one in dossier.sources
        if any("second reader" in (result.note or "") for result in one.results)
    }

    doubted = {key for kind, key in found(dossier) if kind is ToDoKind.DOUBT}

    assert second_hand
    assert second_hand | {"isha-tms-ketamine-guide", "vida-2023"} <= doubted


def test_withdrawn_source_leaves_nothing_to_do() -> None:
    evidence = of_one(verified=Verified.UNVERIFIED, certainty=None, doubts=("Is it so?",))

    assert found(evidence.with_retracted(frozenset({"some-2020"}))) == []


def test_ungraded_says_what_is_to_be_done() -> None:
    study = todo(of_one(certainty=None), today=TODAY)[0]
    other = todo(of_one(certainty=None, kind=Kind.TRIAL_REGISTRATION), today=TODAY)[0]

    assert "weakly at most" in study.sentence
    assert other.sentence.endswith("small Confirm that there is nothing to grade.")


@pytest.mark.parametrize(
    ("review_by", "taken_up", "due"),
    [
        (date(2027, 1, 1), date(2020, 1, 1), date(2027, 1, 1)),
        (None, date(2025, 11, 23), date(2026, 11, 23)),
        (None, None, None),
    ],
)
def test_review_is_due(review_by: date | None, taken_up: date | None, due: date | None) -> None:
    source = make_source(review_by=review_by)

    assert review_due(source, taken_up=taken_up) == due


@pytest.mark.parametrize(("taken_up", "is_overdue"), [(22, True), (23, False)])
def test_review_is_overdue_the_day_after_it_was_due(taken_up: int, is_overdue: bool) -> None:
    since = {"some-2020": date(2025, 11, taken_up)}

    assert bool(found(of_one(), taken_up=since)) is is_overdue


@for_each(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 1), 1, date(2026, 12, 1)),
    ],
)
def test_months_after(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_other_parts_add_lines_and_the_most_pressing_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hook_points.TO_DO, "tellers", [])

    def check(evidence: EvidenceBase) -> Iterable[ToDo]:
        yield ToDo(kind=ToDoKind.RULE_WITHOUT_SUPPORT, label="a-rule", sentence="It lost support.")

    hook_points.TO_DO.register(check)
    hook_points.TO_DO.register(check)

    assert hook_points.TO_DO.tellers == [check]
    assert found(of_one(certainty=None), checks=[check]) == [
        (ToDoKind.RULE_WITHOUT_SUPPORT, None),
        (ToDoKind.UNGRADED, "some-2020"),
    ]


def test_own_dossier_lists_all_that_is_open() -> None:
    evidence = load_dossier()

    kinds = Counter(kind for kind, _ in found(evidence))

    assert kinds[ToDoKind.UNGRADED] == 14
    assert kinds[ToDoKind.ODD_NUMBER] == 5
    assert kinds[ToDoKind.UNVERIFIED] == 5 + sum(
        one.verified is Verified.UNVERIFIED for one in evidence.positions + evidence.cautions
    )
    assert kinds[ToDoKind.DOUBT] == sum(len(one.doubts) for one in evidence.sources)
    assert kinds[ToDoKind.OVERDUE] == 0
