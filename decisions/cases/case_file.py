"""A case with its answers, read once: what pages and actions of one request work on."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from decisions.cases.decision.ended import with_ended_said
from decisions.cases.decision.questioned import Questioned
from decisions.cases.models import Answer, Case
from decisions.rules.edition_answers import counts_under
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.edition_changes import answers_taken
from decisions.rules.engine.outcomes import Finding, Outcome
from decisions.rules.loading import edition_ids, edition_order, load_edition
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import (
    SAFETY_ITEM,
    Instrument,
    Scores,
    least_safety_item,
)
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.reckoning import Reckoned, Reckoning
from decisions.rules.sensitivity.next_question import asked_first, next_best_question
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings, endings_on
from evidence.queries import evidence_for


@dataclass(frozen=True)
class Item9:
    """PHQ-9 item 9 in points, and the day of the form that says so.

    is_least: only a total is known, which the other items cannot reach without these points.
    """

    points: int
    day: date
    is_least: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class OpenTask:
    """What the open safety task of a case is about."""

    first: Item9
    highest: Item9


@dataclass(frozen=True)
class CaseFile:
    """One case as it is now. Immutable: a changed answer gives another one."""

    case: Case
    rows: Mapping[str, Answer]
    evidence_stamp: str | None = field(repr=False)
    open_task: OpenTask | None = None

    @cached_property
    def edition(self) -> Edition:
        """The edition that the case is asked by."""
        return load_edition(self.case.edition)

    @cached_property
    def evidence(self) -> EvidenceBase:
        """The evidence of today."""
        return evidence_for(self.evidence_stamp)

    @cached_property
    def _counting(self) -> dict[str, Answer]:
        return {
            name: row
            for name, row in self.rows.items()
            if row.value is not None
            and counts_under(self.case.edition, name, row.value, asked_by=row.edition)
        }

    @cached_property
    def set_aside(self) -> frozenset[str]:
        """Questions whose answer does not count under the edition, as after a move to it.

        It is kept and shown, and asked for again where the edition asks for it.
        """
        answered = {name for name, row in self.rows.items() if row.value is not None}
        return frozenset(answered - self._counting.keys())

    @cached_property
    def raw_answers(self) -> dict[str, object]:
        """Question id -> plain value of each answer that counts."""
        return {name: row.value for name, row in self._counting.items()}

    @property
    def answers(self) -> Answers:
        """The answers as the rules read them."""
        return self.reckoning.answers

    @cached_property
    def reckoning(self) -> Reckoning:
        """What the rules say of the answers, and of every question to that result."""
        return Reckoning(evidence=self.evidence, edition=self.edition, raw=self.raw_answers)

    @cached_property
    def reckoned(self) -> Reckoned:
        """All of it at once."""
        acts_first = bool(self.outcome.urgent or self.urgent_until_asked_again)
        return self.reckoning.all_of(acts_first=acts_first)

    @property
    def answers_in_words(self) -> tuple[AnswerInWords, ...]:
        """Each answer as pages and letters say it, in the order of the questions."""
        return self.reckoning.in_words

    @property
    def outcome(self) -> Outcome:
        """What the rules say of the case now."""
        return self.reckoning.outcome

    @property
    def urgent(self) -> tuple[Finding, ...]:
        """What comes first: by the rules, and by answers set aside, as their edition says."""
        return self.shown.urgent

    @cached_property
    def shown(self) -> Outcome:
        """The outcome as pages show it: nothing leads while anything comes first, and each
        sentence says what of it has ended."""
        outcome = self.outcome.behind(self.urgent_until_asked_again)
        return with_ended_said(outcome, self.edition, self.endings)

    @cached_property
    def endings(self) -> Endings:
        """What of the evidence has ended by today."""
        return endings_on(self.evidence, timezone.localdate())

    @cached_property
    def urgent_until_asked_again(self) -> tuple[Finding, ...]:
        """Act-first rules of earlier editions that rest on an answer which is asked for again.

        A move takes no notice away before a person has answered again.
        """
        again = {one for one in self.set_aside if self.edition.questionnaire.has_question(one)}
        if not again:
            return ()
        asked_by = {self.rows[name].edition for name in again} & set(edition_ids())
        found = {
            finding.rule: finding
            for edition_id in sorted(asked_by, key=edition_order)
            for finding in self._urgent_under(load_edition(edition_id))
            if again & set(finding.questions)
        }
        now = {finding.rule for finding in self.outcome.urgent}
        return tuple(finding for rule, finding in found.items() if rule not in now)

    def _urgent_under(self, edition: Edition) -> tuple[Finding, ...]:
        stored = {name: row.value for name, row in self.rows.items() if row.value is not None}
        taken = answers_taken(edition.questionnaire, stored)
        return decide(edition, Answers.read(edition.questionnaire, taken), self.evidence).urgent

    @cached_property
    def first_question(self) -> str | None:
        """The question that the act-first block asks for, by the highest item 9 while a safety
        task is open. One answered "not known" is asked for again."""
        asked = asked_first(self.edition, self._answers_at_worst)
        return next(
            (one for one in asked if self.answers.is_asked(one) and not self.answers.is_known(one)),
            None,
        )

    @property
    def _answers_at_worst(self) -> Answers:
        """The answers as they would be with the item 9 that the open safety task keeps."""
        question = self.edition.questionnaire.safety_question
        if self.open_task is None or question is None or question.instrument is None:
            return self.answers
        items: list[int | None] = [None] * len(question.instrument.items)
        items[SAFETY_ITEM - 1] = self.open_task.highest.points
        raw = {**self.raw_answers, question.id: {"items": items}}
        return Answers.read(self.edition.questionnaire, raw)

    @cached_property
    def next_question(self) -> str | None:
        """The question to ask next: the act-first one, else the one whose answer resolves most."""
        first = self.first_question
        if first is not None and not self.answers.is_answered(first):
            return first
        return next_best_question(
            self.edition,
            self.answers,
            self.evidence,
            outcome=self.outcome,
            robustness=lambda: self.reckoning.robustness,
        )

    @property
    def questioned(self) -> Questioned:
        """The questions to the result, as a recorded decision keeps them."""
        reckoned = self.reckoned
        return Questioned(
            robustness=reckoned.robustness,
            decisive=reckoned.decisive,
            changes=self.reckoning.changes,
            instead=reckoned.instead,
        )

    @property
    def has_open_task(self) -> bool:
        """Whether a positive item 9 still waits for a documented assessment."""
        return self.open_task is not None

    @property
    def item9(self) -> Item9 | None:
        """The safety item as it is answered now; None where the answers do not tell."""
        question = self.edition.questionnaire.safety_question
        row = self.rows.get(question.id) if question else None
        return item9_in(question, row) if question and row else None

    def assessed_on(self, question_id: str) -> date | None:
        """The day on which the present answer was assessed; None where there is no answer."""
        row = self._counting.get(question_id)
        return row.assessed_on if row is not None else None

    @cached_property
    def answers_with_dates(self) -> dict[str, dict[str, object]]:
        """Question id -> value and assessed_on, plain: what a recorded decision keeps."""
        return {
            name: {"value": row.value, "assessed_on": row.assessed_on.isoformat()}
            for name, row in sorted(self._counting.items())
        }

    @cached_property
    def fingerprint(self) -> str:
        """Changes with every answer, date, edition and evidence that a decision rests on."""
        return sha256_of(
            [
                self.answers_with_dates,
                self.edition.sha256,
                self.evidence.release,
                self.evidence.sha256,
            ]
        )

    def under(self, edition_id: str) -> CaseFile:
        """This case with the same answers, as it would be after a move to another edition."""
        case = copy(self.case)
        case.edition = edition_id
        return replace(self, case=case)

    def with_answer(self, row: Answer, *, open_task: OpenTask | None) -> CaseFile:
        """This case with one answer changed, and the safety task that is open since."""
        return replace(self, rows={**self.rows, row.question: row}, open_task=open_task)


def item9_in(question: Question, row: Answer) -> Item9 | None:
    """The safety item of an answer, with its day; None where the answer does not tell."""
    instrument = question.instrument
    if row.value is None or instrument is None:
        return None
    scores = read_answer(question, row.value)
    return item9_of(instrument, scores, row.assessed_on) if isinstance(scores, Scores) else None


def item9_of(instrument: Instrument, scores: Scores, day: date) -> Item9 | None:
    """The safety item of a form, with its day; None where the form does not tell.

    A total that the other items cannot reach tells the least that it must be.
    """
    if not instrument.has_safety_item:
        return None
    known = scores.item(SAFETY_ITEM)
    points = least_safety_item(instrument, scores) if known is None else known
    return Item9(points, day, is_least=known is None) if points or known == 0 else None
