"""Differences as they are found, batch after batch, brought into groups at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from decisions.replay.differences import (
    CaseName,
    Change,
    Changed,
    Counted,
    Differences,
    Group,
    NotCompared,
    Responsible,
    SideName,
    WhyNot,
)
from decisions.replay.responsible_rules import Explained, Side, Sides
from decisions.rules.questionnaire.answers import Problem
from decisions.rules.questionnaire.questionnaire import Questionnaire

Reason = tuple[str, str, WhyNot]
"""Why a case was not compared: edition, question and what is the matter."""


class Collected:
    """What was found so far between two sides."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._compared = Counted(cases=0, decisions=0)
        self._changed = Counted(cases=0, decisions=0)
        self._recorded_otherwise = 0
        self._refused: dict[Reason, list[CaseName]] = {}
        self._groups: dict[Responsible, dict[Change, list[CaseName]]] = {}

    def add_compared(self, names: Iterable[CaseName], *, recorded_otherwise: int) -> None:
        """Cases that both sides can read, and how many of them were once told something else."""
        self._compared = _sum(self._compared, _counted(names))
        self._recorded_otherwise += recorded_otherwise

    def add_changed(self, name: CaseName, explained: Iterable[Explained]) -> None:
        """A case, and what differs in it."""
        self._changed = _sum(self._changed, _counted([name]))
        for one in explained:
            of_change = self._groups.setdefault(one.responsible, {})
            of_change.setdefault(one.change, []).append(name)

    def add_refused(
        self, name: CaseName, before: Iterable[Problem], after: Iterable[Problem]
    ) -> None:
        """A case that a side cannot read. Only the question is kept, never the answer."""
        for side, problems in ((self._sides.before, before), (self._sides.after, after)):
            for problem in problems:
                reason = _reason(side.edition.questionnaire, str(problem.question))
                self._refused.setdefault(reason, []).append(name)

    def differences(self) -> Differences:
        """Everything found."""
        sides = self._sides
        before, after = (_ids(side) for side in (sides.before, sides.after))
        groups = (_group(responsible, found) for responsible, found in self._groups.items())
        return Differences(
            before=_side_name(sides.before),
            after=_side_name(sides.after),
            compared=self._compared,
            changed=self._changed,
            recorded_otherwise=self._recorded_otherwise,
            refused=_counted({name for names in self._refused.values() for name in names}),
            questions_missing=tuple(name for name in before if name not in after),
            questions_new=tuple(name for name in after if name not in before),
            rules=tuple(sides.changed_rules()),
            not_compared=tuple(
                NotCompared(edition=edition, question=question, why=why, cases=tuple(names))
                for (edition, question, why), names in self._refused.items()
            ),
            groups=tuple(sorted(groups, key=_most_cases_first)),
        )


def _reason(questionnaire: Questionnaire, question: str) -> Reason:
    asks = questionnaire.has_question(question)
    why = WhyNot.ANSWER_REFUSED if asks else WhyNot.QUESTION_MISSING
    return questionnaire.edition, question, why


def _group(responsible: Responsible, found: Mapping[Change, Sequence[CaseName]]) -> Group:
    changes = (Changed(change=change, cases=tuple(names)) for change, names in found.items())
    return Group(
        responsible=responsible,
        counted=_counted({name for names in found.values() for name in names}),
        changes=tuple(sorted(changes, key=lambda one: (-len(one.cases), str(one.change)))),
    )


def _most_cases_first(group: Group) -> tuple[int, tuple[str, ...]]:
    return -(group.counted.cases + group.counted.decisions), group.responsible.rules


def _counted(names: Iterable[CaseName]) -> Counted:
    are_decisions = [name.decision is not None for name in names]
    decisions = sum(are_decisions)
    return Counted(cases=len(are_decisions) - decisions, decisions=decisions)


def _sum(one: Counted, other: Counted) -> Counted:
    return Counted(cases=one.cases + other.cases, decisions=one.decisions + other.decisions)


def _ids(side: Side) -> tuple[str, ...]:
    return tuple(question.id for question in side.edition.questionnaire.questions)


def _side_name(side: Side) -> SideName:
    return SideName(
        edition=side.edition.id,
        edition_sha256=side.edition.sha256,
        evidence_release=side.evidence.release,
        evidence_sha256=side.evidence.sha256,
        retracted=tuple(sorted(side.evidence.retracted)),
    )
