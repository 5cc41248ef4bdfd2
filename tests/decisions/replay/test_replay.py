"""Replay: every difference that decide() makes, put down to the rules that made it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from decisions.replay.cases import StoredCase
from decisions.replay.differences import Change, Counted, Differences, WhyNot
from decisions.replay.replay import replay
from decisions.replay.responsible_rules import Side
from tests.collecting import for_each
from tests.decisions.replay.replay_cases import (
    ADDED_STOP,
    ALL_KEYS,
    MANY_CHANGES,
    NOW,
    SOME_KEYS,
    random_cases,
    retracting,
    stored,
    under,
    view_of,
)
from tests.decisions.replay.replay_editions import with_added, without, without_question
from tests.decisions.rules.cases import base_with


def changes_found(differences: Differences) -> set[tuple[str, Change]]:
    return {
        (name.case_id, one.change)
        for group in differences.groups
        for one in group.changes
        for name in one.cases
    }


def changes_alone(case: StoredCase, before: Side, after: Side) -> Iterator[tuple[str, Change]]:
    """What decide() says differently of one case."""
    was, now = view_of(case, before), view_of(case, after)
    for (aspect, option), value in was.items():
        if now[aspect, option] != value:
            change = Change(aspect=aspect, option=option, before=value, after=now[aspect, option])
            yield case.name.case_id, change


@pytest.mark.slow
@for_each(
    "after",
    [
        retracting(*ALL_KEYS),
        retracting(*SOME_KEYS),
        under(without("stop-mania", "urgent-mania", "ketamine-stop-psychosis")),
        under(MANY_CHANGES),
        under(with_added({**ADDED_STOP, "id": "made-up", "when": {"is": {"escort": "no"}}})),
    ],
    ids=["no source left", "half of the sources", "rules less", "rules changed", "a rule more"],
)
def test_replay_finds_what_decide_says_differently(after: Side) -> None:
    cases = random_cases(3)
    expected = {one for case in cases for one in changes_alone(case, NOW, after)}

    differences = replay(cases, NOW, after)

    assert changes_found(differences) == expected
    assert expected
    assert differences.compared == Counted(cases=200, decisions=0)
    assert differences.changed.cases == len({case_id for case_id, _ in expected})


def test_replay_of_the_same_side_finds_nothing() -> None:
    differences = replay(random_cases(2, 50), NOW, NOW)

    assert not differences.groups
    assert not differences.rules
    assert differences.compared.cases == 50


# ---------------------------------------------------------------- what cannot be compared


def test_a_case_that_answered_a_missing_question_is_counted_and_not_compared() -> None:
    answered, silent = base_with(liver="none"), base_with(liver=None)
    del silent["liver"]
    after = under(without_question("liver"))

    differences = replay(stored(answered, silent), NOW, after)

    assert differences.questions_missing == ("liver",)
    assert differences.questions_new == ()
    assert differences.compared == Counted(cases=1, decisions=0)
    assert differences.refused == Counted(cases=1, decisions=0)
    [why] = differences.not_compared
    assert (why.edition, why.question, why.why) == ("draft", "liver", WhyNot.QUESTION_MISSING)
    assert [name.case_id for name in why.cases] == ["case-0"]


def test_an_answer_that_an_edition_refuses_is_counted_and_not_shown() -> None:
    differences = replay(stored(base_with(heart="no-such-value")), NOW, retracting(*ALL_KEYS))

    assert [(one.question, one.why) for one in differences.not_compared] == [
        ("heart", WhyNot.ANSWER_REFUSED)
    ]
    assert differences.compared.cases == 0
    assert "no-such-value" not in differences.model_dump_json()


def test_a_question_that_is_new_counts_as_unanswered() -> None:
    before = under(without_question("liver"))
    case = base_with()
    case.pop("liver", None)

    differences = replay(stored(case), before, NOW)

    assert differences.questions_new == ("liver",)
    assert differences.compared.cases == 1


# ---------------------------------------------------------------- many


def test_decisions_are_told_apart_from_cases() -> None:
    cases = [*stored(base_with()), *stored(base_with(), decision=3)]
    after = under(with_added({**ADDED_STOP, "id": "made-up", "when": {"always": True}}))

    differences = replay(cases, NOW, after)

    assert differences.changed == Counted(cases=1, decisions=1)
    assert differences.groups[0].counted == Counted(cases=1, decisions=1)
    assert differences.groups[0].changes[0].cases == tuple(case.name for case in cases)


def test_groups_with_most_cases_come_first() -> None:
    groups = replay(random_cases(6), NOW, under(MANY_CHANGES)).groups

    counts = [group.counted.cases for group in groups]
    assert counts == sorted(counts, reverse=True)
    assert len(groups) > 2
