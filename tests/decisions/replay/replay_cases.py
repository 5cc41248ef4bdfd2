"""Stored cases, and the sides that they are replayed between, for the tests of both."""

from __future__ import annotations

from random import Random
from typing import Any

from decisions.replay.cases import StoredCase
from decisions.replay.differences import NOTHING, Aspect, CaseName
from decisions.replay.responsible_rules import Side
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId, Strength
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from tests.decisions.random_lines import random_answers
from tests.decisions.replay.replay_editions import with_changed

NOW = Side(load_edition(), load_dossier())
ALL_KEYS = frozenset(source.key for source in NOW.evidence.sources)
SOME_KEYS = sorted(ALL_KEYS)[::2]
ADDED_STOP = {"effect": "stop", "options": ["ketamine"], "because": "A made-up rule."}


def under(edition: Edition) -> Side:
    return Side(edition, NOW.evidence)


def retracting(*keys: str) -> Side:
    return Side(NOW.edition, NOW.evidence.with_retracted(frozenset(keys)))


def stored(*answers: dict[str, Any], decision: int | None = None) -> list[StoredCase]:
    return [
        StoredCase(CaseName(case_id=f"case-{n}", decision=decision), one)
        for n, one in enumerate(answers)
    ]


def random_cases(seed: int, count: int = 200) -> list[StoredCase]:
    rng = Random(seed)
    return stored(*(random_answers(rng) for _ in range(count)))


def view_of(case: StoredCase, side: Side) -> dict[tuple[Aspect, OptionId | None], str]:
    answers = Answers.read(side.edition.questionnaire, case.answers)
    outcome = decide(side.edition, answers, side.evidence)
    view: dict[tuple[Aspect, OptionId | None], str] = {
        (Aspect.LEADING, None): next((one.value for one in outcome.leading), NOTHING),
        (Aspect.ACT_FIRST, None): "yes" if outcome.urgent else "no",
    }
    for option, one in outcome.options.items():
        view[Aspect.VERDICT, option] = one.verdict.value
        view[Aspect.BAR, option] = "yes" if one.barred else "no"
    return view


MANY_CHANGES = with_changed(
    ketamine_stop_heart={"effect": "review"},
    tms_favour_worked_before={"strength": Strength.WEAK},
    ketamine_stop_blood_pressure={"when": {"at_least": {"bp_systolic": 161}}},
    both_favour_bridge={"options": (OptionId.BOTH, OptionId.KETAMINE)},
)
