"""What the rules say of some answers, and of every question to that result: one door to all of it.

Each part is reckoned when it is asked for, and once. A page that shows all of them takes `all_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from decisions.rules.engine.answers_in_words import AnswerInWords, describe_answers
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import OptionId
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.changes import Changes, what_would_change
from decisions.rules.sensitivity.decisive import decisive_rules
from decisions.rules.sensitivity.settled import Robustness, robustness_of
from decisions.rules.sensitivity.short_path import ShortPath, may_be_left, short_path
from decisions.rules.sensitivity.trials import Trials
from decisions.rules.sensitivity.who_leads_instead import LeadChange, who_leads_instead
from evidence.domain.entries import EvidenceBase


class Reckoned(NamedTuple):
    """All that a page of a result shows, as plain data.

    decisive: per option the rules that decide. instead: what would change who leads. leavable: who
    clears questions -> those that are open and can be left to them.
    """

    outcome: Outcome
    in_words: tuple[AnswerInWords, ...]
    robustness: Robustness
    decisive: Mapping[OptionId, tuple[str, ...]]
    instead: tuple[LeadChange, ...]
    path: ShortPath
    leavable: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Reckoning:
    """Of the plain answers of one case, under one edition and one evidence."""

    evidence: EvidenceBase
    edition: Edition
    raw: Mapping[str, object]

    @cached_property
    def answers(self) -> Answers:
        """The answers as the rules read them."""
        return Answers.read(self.edition.questionnaire, self.raw)

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules say."""
        return decide(self.edition, self.answers, self.evidence)

    @cached_property
    def in_words(self) -> tuple[AnswerInWords, ...]:
        """Each answer as pages and letters say it, in the order of the questions."""
        return describe_answers(self.edition, self.answers)

    @cached_property
    def robustness(self) -> Robustness:
        """Whether answers that are still missing can change who leads."""
        return robustness_of(self.edition, self.answers, self.evidence)

    @cached_property
    def _trials(self) -> Trials:
        return Trials(self.edition, self.answers, self.evidence)

    @cached_property
    def decisive(self) -> Mapping[OptionId, tuple[str, ...]]:
        """Per option the rules that decide, in the order of the rules."""
        found = decisive_rules(self.edition, self.answers, self.evidence, trials=self._trials)
        order = {rule.id: place for place, rule in enumerate(self.edition.rules)}
        return {
            option: tuple(sorted(rules, key=order.__getitem__)) for option, rules in found.items()
        }

    @cached_property
    def changes(self) -> Changes:
        """What would change the verdict of each option."""
        return what_would_change(self.edition, self.answers, self.evidence)

    @cached_property
    def instead(self) -> tuple[LeadChange, ...]:
        """What would change who leads, in one step."""
        return who_leads_instead(self.edition, self.answers, self.evidence, trials=self._trials)

    @cached_property
    def path(self) -> ShortPath:
        """Where the short path is."""
        return short_path(self.edition, self.answers, self.evidence, robustness=self.robustness)

    @cached_property
    def leavable(self) -> Mapping[str, tuple[str, ...]]:
        """Who clears questions -> what is open and can be left to them before a letter."""
        return may_be_left(self.edition, self.answers)

    def all_of(self, *, acts_first: bool) -> Reckoned:
        """Everything at once. acts_first: whether anything comes before any choice; nothing that
        would change who leads is said then."""
        return Reckoned(
            outcome=self.outcome,
            in_words=self.in_words,
            robustness=self.robustness,
            decisive=self.decisive,
            instead=() if acts_first else self.instead,
            path=self.path,
            leavable=self.leavable,
        )
