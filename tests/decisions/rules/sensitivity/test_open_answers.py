"""Open is never read as no: rules that do so are found, exactly, and refused at loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import pytest

from decisions.rules.engine.edition import EditionProblem, Fault
from decisions.rules.engine.rules import Rule
from decisions.rules.loading import EDITIONS, EditionRefused, load_edition, read_edition
from decisions.rules.logic.conditions import parse_condition
from decisions.rules.sensitivity.open_answers import (
    MAY_SPEAK_OF_OPEN,
    READ_AS_NO,
    ended_by_an_answer,
)
from evidence.loading import load_dossier
from tests.decisions.rules.cases import EARLIER_EDITION, EVERY_EDITION
from tests.oracles.independent_conditions import (
    Known,
    evaluate,
    names_in,
    of_edition,
    rules,
    samples,
)
from tests.yaml_files import read_yaml, write_yaml

MOST_CASES = 20_000
"""A rule with more combinations of answers than this is tried with a sample of them."""
FORMS: list[Any] = [
    {"total": total, "item9": item9} for total in (0, 4, 5, 9, 10, 19, 20) for item9 in (0, 1)
]
HALF_FORMS: list[Any] = [{"total": 20}, {"items": [None] * 8 + [1]}, {"items": [None] * 9}]


# ---------------------------------------------------------------- found exactly


def answers_to(question: str) -> list[Any]:
    """Open, and answers of every kind; of the PHQ-9 some that are known in part."""
    if question == "phq9":
        return [None, *HALF_FORMS, *(form for form in FORMS if form["item9"] <= form["total"])]
    return [None, *samples(question)]


def combinations(questions: list[str]) -> Iterator[Known]:
    """Every combination of answers to these questions, or a sample where there are too many."""
    values = [answers_to(question) for question in questions]
    chosen: Iterable[tuple[Any, ...]] = product(*values)
    if prod(map(len, values)) > MOST_CASES:
        rng = Random(1)
        chosen = (tuple(map(rng.choice, values)) for _ in range(2_000))
    for some in chosen:
        yield {q: v for q, v in zip(questions, some, strict=True) if v is not None}


def read_as_no(rule: dict[str, Any]) -> bool:
    """Whether one more answer can end that a rule is true, by trying answers one after another."""
    questions = sorted(set(names_in(rule["when"])))
    for known in combinations(questions):
        if evaluate(rule["when"], known) is True:
            for question in (q for q in questions if q not in known):
                for value in answers_to(question)[1:]:
                    if evaluate(rule["when"], {**known, question: value}) is not True:
                        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("edition_id", EVERY_EDITION)
def test_the_rules_found_are_those_that_trying_answers_finds(edition_id: str) -> None:
    edition = load_edition(edition_id)
    weighed = [rule for rule in edition.rules if rule.effect not in MAY_SPEAK_OF_OPEN]

    found = {rule.id for rule in weighed if [*ended_by_an_answer(edition.questionnaire, rule)]}

    with of_edition(edition_id):
        tried = {rule["id"] for rule in rules() if read_as_no(rule)}
    assert found == tried & {rule.id for rule in weighed}
    assert found == READ_AS_NO.get(edition_id, frozenset())


def ends(**fields: Any) -> list[str]:
    """The questions that can end a made-up rule of the current edition."""
    rule = Rule(id="made-up", effect="note", when=parse_condition(fields), because="Made up.")
    return [*ended_by_an_answer(load_edition().questionnaire, rule)]


def test_a_rule_that_says_only_unanswered_is_ended_by_any_answer() -> None:
    assert ends(unanswered="liver") == ["liver"]


def test_a_rule_that_holds_for_every_answer_is_ended_by_none() -> None:
    every = {"in": {"liver": ["none", "moderate", "severe"]}}

    assert ends(any=[{"unanswered": "liver"}, every]) == []


def test_an_answer_that_decides_whether_another_is_asked_can_end_a_rule() -> None:
    """While nobody has said how many courses there were, the coil may be asked about."""
    assert ends(unanswered="tms_last_device") == ["tms_courses", "tms_last_device"]


def test_a_form_that_is_filled_in_can_end_a_rule() -> None:
    assert ends(unanswered="phq9_item9") == ["phq9"]


def test_two_answers_that_only_together_end_a_rule_are_found() -> None:
    both_open = {"all": [{"unanswered": "bladder"}, {"unanswered": "eye_pressure"}]}
    alike = [
        {"all": [{"is": {"bladder": value}}, {"is": {"eye_pressure": value}}]}
        for value in ("yes", "no")
    ]

    assert ends(any=[both_open, *alike]) == ["bladder", "eye_pressure"]


# ---------------------------------------------------------------- refused when loaded


def problems_with(
    tmp_path: Path, edition_id: str = EVERY_EDITION[-1], **changed: Any
) -> tuple[EditionProblem, ...]:
    """What is said of an edition whose rules.yaml says something else; nothing if it is taken.

    changed: fields of rules.yaml, or of the rule of this id (`_` for the hyphens).
    """
    folder = copytree(EDITIONS / edition_id, tmp_path / "edition")
    raw = read_yaml(folder / "rules.yaml")
    for name, value in changed.items():
        rule = [one for one in raw["rules"] if one["id"] == name.replace("_", "-")]
        if rule:
            rule[0].update(value)
        elif value is None:
            raw.pop(name)
        else:
            raw[name] = value
    write_yaml(folder / "rules.yaml", raw)
    try:
        read_edition(folder, load_dossier())
    except EditionRefused as refused:
        return refused.problems
    return ()


def earlier(rule_id: str) -> dict[str, Any]:
    """The condition that a rule had in the edition that read open answers as no."""
    raw = read_yaml(EDITIONS / EARLIER_EDITION / "rules.yaml")
    return next({"when": rule["when"]} for rule in raw["rules"] if rule["id"] == rule_id)


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", sorted(READ_AS_NO[EARLIER_EDITION]))
def test_each_of_the_five_rules_is_refused_in_a_later_edition(tmp_path: Path, rule_id: str) -> None:
    changed: dict[str, Any] = {rule_id.replace("-", "_"): earlier(rule_id)}
    problems = problems_with(tmp_path, **changed)

    assert {one.where for one in problems} == {f"rule {rule_id}"}
    assert {one.fault for one in problems} == {Fault.OPEN_READ_AS_NO}


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", ["ketamine_stop_heart", "ketamine_review_liver"])
def test_stops_and_reviews_are_held_to_it_too(tmp_path: Path, rule_id: str) -> None:
    changed: dict[str, Any] = {rule_id: {"when": {"unanswered": "heart"}}}
    [problem] = problems_with(tmp_path, **changed)

    assert problem.what == "it is true while heart is open, and an answer to it can end that"
    assert problem.fix


@pytest.mark.parametrize("rule_id", ["urgent_mania", "note_older"])
def test_act_first_rules_and_notes_may_speak_of_what_is_open(tmp_path: Path, rule_id: str) -> None:
    changed: dict[str, Any] = {rule_id: {"when": {"unanswered": "speed_needed"}}}
    assert not problems_with(tmp_path, **changed)


@pytest.mark.slow
def test_an_edition_that_does_not_promise_it_is_refused(tmp_path: Path) -> None:
    [problem] = problems_with(tmp_path, open_is_never_no=None)

    assert problem.what == "open_is_never_no is missing"


def test_the_promise_is_a_plain_yes_or_no(tmp_path: Path) -> None:
    [problem] = problems_with(tmp_path, open_is_never_no="always")

    assert problem.fault is Fault.UNREADABLE


def test_the_earlier_edition_is_excused_for_its_five_rules_alone(tmp_path: Path) -> None:
    unanswered = {"when": {"unanswered": "heart"}}

    [problem] = problems_with(tmp_path, EARLIER_EDITION, ketamine_review_heart=unanswered)

    assert problem.where == "rule ketamine-review-heart"
