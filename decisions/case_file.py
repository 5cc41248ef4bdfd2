"""A case with its answers, read once: what pages and actions of one request work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from decisions.domain.answer_values import read_answer
from decisions.domain.answers import Answers
from decisions.domain.changes import Changes, what_would_change
from decisions.domain.edition import Edition
from decisions.domain.engine import decide
from decisions.domain.faithful import decisive_rules
from decisions.domain.instruments import SAFETY_ITEM, Scores
from decisions.domain.next_question import next_best_question
from decisions.domain.outcomes import Outcome
from decisions.domain.questionnaire import Question
from decisions.domain.robustness import Robustness, robustness_of
from decisions.domain.rules import OptionId
from decisions.domain.values import sha256_of
from decisions.loading import load_edition
from decisions.models import Answer, Case
from decisions.questioned import Questioned
from evidence.domain import EvidenceBase
from evidence.queries import evidence_for


@dataclass(frozen=True)
class CaseFile:
    """One case as it stands now. Immutable: a changed answer gives another one."""

    case: Case
    rows: Mapping[str, Answer]
    evidence_stamp: str | None = field(repr=False)
    open_task_item9: int | None = None

    @cached_property
    def edition(self) -> Edition:
        """The edition that the case is asked by."""
        return load_edition(self.case.edition)

    @cached_property
    def evidence(self) -> EvidenceBase:
        """The evidence of today."""
        return evidence_for(self.evidence_stamp)

    @cached_property
    def raw_answers(self) -> dict[str, object]:
        """Question id -> plain value, cleared answers left out."""
        return {name: row.value for name, row in self.rows.items() if row.value is not None}

    @cached_property
    def answers(self) -> Answers:
        """The answers as the rules read them."""
        return Answers.read(self.edition.questionnaire, self.raw_answers)

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules say of the case now."""
        return decide(self.edition, self.answers, self.evidence)

    @cached_property
    def robustness(self) -> Robustness:
        """Whether answers that are still missing can change who leads."""
        return robustness_of(self.edition, self.answers, self.evidence)

    @cached_property
    def decisive(self) -> Mapping[OptionId, tuple[str, ...]]:
        """Per option the rules that decide, in the order of the rules."""
        found = decisive_rules(self.edition, self.answers, self.evidence)
        order = [rule.id for rule in self.edition.rules]
        return {option: tuple(sorted(rules, key=order.index)) for option, rules in found.items()}

    @cached_property
    def changes(self) -> Changes:
        """What would change the verdict of each option."""
        return what_would_change(self.edition, self.answers, self.evidence)

    @cached_property
    def next_question(self) -> str | None:
        """The question whose answer resolves most."""
        return next_best_question(self.edition, self.answers, self.evidence, self.outcome)

    @property
    def questioned(self) -> Questioned:
        """All of this, as a recorded decision keeps it."""
        return Questioned(robustness=self.robustness, decisive=self.decisive, changes=self.changes)

    @property
    def has_open_task(self) -> bool:
        """Whether a positive item 9 still waits for a documented assessment."""
        return self.open_task_item9 is not None

    def assessed_on(self, question_id: str) -> date | None:
        """The day on which the present answer was assessed; None where there is no answer."""
        row = self.rows.get(question_id)
        return row.assessed_on if row is not None and row.value is not None else None

    @cached_property
    def answers_with_dates(self) -> dict[str, dict[str, object]]:
        """Question id -> value and assessed_on, plain: what a recorded decision keeps."""
        return {
            name: {"value": row.value, "assessed_on": row.assessed_on.isoformat()}
            for name, row in sorted(self.rows.items())
            if row.value is not None
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

    def with_answer(self, row: Answer, *, open_task_item9: int | None) -> CaseFile:
        """This case with one answer changed, and the safety task that is open since."""
        rows = {**self.rows, row.question: row}
        return replace(self, rows=rows, open_task_item9=open_task_item9)


def item9_of(question: Question, raw: object) -> int | None:
    """The points of the safety item in a plain answer; None where the answer has none."""
    instrument = question.instrument
    if raw is None or instrument is None:
        return None
    if not any(item.safety_item for item in instrument.items):
        return None
    value = read_answer(question, raw)
    return value.item(SAFETY_ITEM) if isinstance(value, Scores) else None
