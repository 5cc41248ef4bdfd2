"""Whether a result would survive the answers that are still missing: settled, depends on.

Both are exact. A *completion* gives every question without a known answer one of its admissible
values. They are far too many to enumerate, but

- answers that no condition tells apart are one class (`answer_classes`);
- who leads is a function of what the true rules come to: small sums, and who is blocked
  (`bearing`), so that completions that agree on it agree on who leads;
- the function is kept as a reduced decision diagram (`diagram`), which holds every completion.
  Its ends are every `leading` that occurs, and it holds a question if and only if there are two
  completions that differ in that question alone and in who leads.

A question that a completion does not ask is ignored in it, because its atoms are false there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from decisions.domain.answer_classes import AnswerClasses
from decisions.domain.answers import Answers
from decisions.domain.bearing import NOTHING, NOTHING_LEADS, bearing_of, leading_under, preferring
from decisions.domain.conditions import Condition, Is, Leaf, leaves_in
from decisions.domain.diagram import Choice, Diagram, settle
from decisions.domain.edition import Edition
from decisions.domain.formulas import Formula, Formulas
from decisions.domain.prepared import prepare
from decisions.domain.questionnaire import Questionnaire
from decisions.domain.rules import OptionId
from decisions.domain.standing import PREFERENCE
from decisions.domain.values import Frozen
from evidence.domain import EvidenceBase


class Robustness(Frozen):
    """Whether every completion gives the same `leading`.

    settled_on: that `leading`, which may differ from the present one; empty also while the
    result is not settled. depends_on: the questions without a known answer of which one alone
    can, between two completions, change who leads; in questionnaire order, empty when settled.
    """

    settled: bool
    settled_on: tuple[OptionId, ...]
    depends_on: tuple[str, ...]


def robustness_of(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Robustness:
    """Whether any answer still missing can change who leads, and which. Exact."""
    diagram = _leading_rules(edition, evidence).diagram(answers)
    settled = len(diagram.ends) == 1
    return Robustness(
        settled=settled,
        settled_on=next(iter(diagram.ends)) if settled else (),
        depends_on=edition.questionnaire.in_order(diagram.questions),
    )


@lru_cache(maxsize=8)
def _leading_rules(edition: Edition, evidence: EvidenceBase) -> _LeadingRules:
    return _LeadingRules(edition, evidence)


class _LeadingRules:
    """The rules of an edition that bear on who leads, and the order to walk their questions."""

    def __init__(self, edition: Edition, evidence: EvidenceBase) -> None:
        questionnaire = edition.questionnaire
        bearing = [(one.rule.when, bearing_of(one)) for one in prepare(edition, evidence)]
        bearing += [
            (Is(question=PREFERENCE, value=option.value), preferring(option)) for option in OptionId
        ]
        conditions = [(when, one) for when, one in bearing if one != NOTHING]
        leaves = _leaves_behind(questionnaire, (when for when, _ in conditions))
        self._formulas = Formulas(AnswerClasses(questionnaire, leaves))
        self._rules = [(self._formulas.true(when), one) for when, one in conditions]
        self._order = [questionnaire.question(name) for name in self._in_order(questionnaire)]

    def _in_order(self, questionnaire: Questionnaire) -> list[str]:
        """The questions in the order of the walk. Any order is exact; this one is quick.

        First those that meet no other in a rule and can only block; then those that meet
        others; last those that meet no other and weigh something.
        """
        meeting, weighing = set[str](), set[str]()
        for formula, bearing in self._rules:
            questions = self._formulas.questions(formula)
            if len(questions) > 1:
                meeting |= questions
            if bearing._replace(blocked=0) != NOTHING:
                weighing |= questions
        used = frozenset().union(*(self._formulas.questions(one) for one, _ in self._rules))
        return sorted(
            questionnaire.in_order(used),
            key=lambda name: 1 if name in meeting else 2 if name in weighing else 0,
        )

    def diagram(self, answers: Answers) -> Diagram[tuple[OptionId, ...]]:
        """Who leads in every completion of these answers."""
        classes = self._formulas.classes
        choices = [Choice(one.id, classes.open_to(answers, one)) for one in self._order]
        known = [choice for choice in choices if len(choice.classes) == 1]
        filled = ((self._fill_in(formula, known), bearing) for formula, bearing in self._rules)
        so_far, undecided = settle(filled, NOTHING, {})
        still_open = [choice for choice in choices if len(choice.classes) > 1]
        if so_far == NOTHING_LEADS:
            undecided = {}
        return Diagram(self._formulas, still_open, undecided, so_far, leading_under)

    def _fill_in(self, formula: Formula, known: Iterable[Choice]) -> Formula:
        for question, (answer_class,) in known:
            formula = self._formulas.fill_in(formula, question, answer_class)
        return formula


def _leaves_behind(questionnaire: Questionnaire, conditions: Iterable[Condition]) -> list[Leaf]:
    """The atoms of conditions, and of every `ask_when` that decides whether they count."""
    found: list[Leaf] = []
    to_look_at, seen = list(conditions), set[str]()
    while to_look_at:
        for leaf in leaves_in(to_look_at.pop()):
            found.append(leaf)
            question = questionnaire.owner_of(leaf.question)
            if question.id not in seen and question.ask_when is not None:
                to_look_at.append(question.ask_when)
            seen.add(question.id)
    return found
