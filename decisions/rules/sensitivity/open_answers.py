"""Open is never read as no: which rules hold only as long as an answer is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from decisions.rules.engine.edition import EditionProblem, Fault
from decisions.rules.engine.rules import Effect, Rule
from decisions.rules.logic.conditions import Unanswered
from decisions.rules.questionnaire.questionnaire import Questionnaire
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.formulas import Formulas
from decisions.rules.sensitivity.leading_rules import leaves_behind

READ_AS_NO: Mapping[str, frozenset[str]] = {
    "2026.1": frozenset(
        {
            "tms-against-attendance",
            "tms-against-speed",
            "tms-favour-worked-briefly",
            "both-against-not-asked-for",
            "both-against-no-reason",
        }
    )
}
"""Edition -> its rules that read an open answer as no. It was released before that was refused."""

MAY_SPEAK_OF_OPEN = frozenset({Effect.URGENT, Effect.NOTE})
"""The effects of rules that may be true because an answer is open."""


def problems_of_open_answers(
    edition_id: str,
    questionnaire: Questionnaire,
    rules: Sequence[Rule],
    open_is_never_no: bool,
) -> Iterator[EditionProblem]:
    """Rules that read an open answer as no, and an edition that does not promise to have none.

    The ids of questions must be sound. Editions of READ_AS_NO are excused by name.
    """
    excused = READ_AS_NO.get(edition_id, frozenset())
    if not open_is_never_no and edition_id not in READ_AS_NO:
        yield _problem("the file", "open_is_never_no is missing", "Add `open_is_never_no: true`")
    for rule in rules:
        if rule.id in excused or rule.effect in MAY_SPEAK_OF_OPEN:
            continue
        for question in ended_by_an_answer(questionnaire, rule):
            what = f"it is true while {question} is open, and an answer to it can end that"
            fix = "Take `unanswered` out: while an answer is open the rule is then unknown"
            yield _problem(f"rule {rule.id}", what, fix)


def _problem(where: str, what: str, fix: str) -> EditionProblem:
    return EditionProblem(
        fault=Fault.OPEN_READ_AS_NO, file="rules.yaml", where=where, what=what, fix=fix
    )


def ended_by_an_answer(questionnaire: Questionnaire, rule: Rule) -> Iterator[str]:
    """The questions of which one more answer can end that a rule is true. Exact.

    Every combination of answer classes of the questions that the rule looks at is gone through,
    those that decide whether they are asked among them. Only `unanswered` can turn from true to
    false once more is known, so rules without it need no search.
    """
    leaves = leaves_behind(questionnaire, [rule.when])
    if not any(isinstance(leaf, Unanswered) for leaf in leaves):
        return
    formulas = Formulas(AnswerClasses(questionnaire, leaves, with_unknown=True))
    for name in questionnaire.in_order(formulas.questions(formulas.true(rule.when))):
        if _can_end(formulas, rule, name):
            yield name


def _can_end(formulas: Formulas, rule: Rule, question: str) -> bool:
    """Whether the rule is true in some answer set, and no longer with one answer more."""
    true = formulas.true(rule.when)
    for before in range(len(formulas.classes.of(question))):
        holds = formulas.fill_in(true, question, before)
        for after in formulas.classes.learned_from(question, before):
            ends = formulas.negation(formulas.fill_in(true, question, after))
            if formulas.find(formulas.all([holds, ends])) is not None:
                return True
    return False
