"""Whether a result would survive the answers that are still missing: settled, depends on.

Both are exact. A *completion* gives every question without a known answer one of its admissible
values. They are far too many to enumerate, but

- answers that no condition tells apart are one class (`answer_classes`);
- who leads is a function of what the true rules come to: small sums, and who is blocked
  (`leading_state`), so that completions that agree on it agree on who leads;
- the function is kept as a reduced decision diagram of all answer sets (`diagram`), and what a
  case leaves of it holds every completion (`whole_diagram`). Its ends are every `leading` that
  occurs, and it holds a question if and only if there are two completions that differ in that
  question alone and in who leads.

A question that a completion does not ask is ignored in it, because its atoms are false there.
"""

from __future__ import annotations

from functools import lru_cache

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.kept_diagrams import diagram_of
from decisions.rules.sensitivity.leading_rules import classes_of, rules_for_leading
from decisions.rules.sensitivity.whole_diagram import WholeDiagram
from evidence.domain.entries import EvidenceBase


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
    diagram, classes = _diagram_under(edition, evidence)
    left_open = [classes.left_open(name, answers.get(name)) for name in diagram.questions]
    ends, questions = diagram.completions(left_open)
    settled = len(ends) == 1
    return Robustness(
        settled=settled,
        settled_on=next(iter(ends)) if settled else (),
        depends_on=edition.questionnaire.in_order(questions),
    )


@lru_cache(maxsize=8)
def _diagram_under(edition: Edition, evidence: EvidenceBase) -> tuple[WholeDiagram, AnswerClasses]:
    rules = tuple(rules_for_leading(edition, evidence))
    return diagram_of(edition, rules), classes_of(edition.questionnaire, rules)
