"""The short path: what is asked next, how much is left, and when it ends.

Whatever a rule that acts first reads is asked, and so is what the edition says must be known.
Beyond that only what can still change who leads is asked, which is exact (`robustness`), and not
what somebody else clears. One kind is added: a question that can never change who leads, that
nobody else clears, and for which a stop or review of an option waits that may lead. Without it that
option could never be cleared. The number of questions to come never grows while answers are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from decisions.rules.engine.edition import Edition, EditionProblem, Fault
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.engine.short_path_plan import ShortPathPlan
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.logic.conditions import Condition
from decisions.rules.logic.truth import Truth
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, QuestionType
from decisions.rules.sensitivity.leading_rules import leaves_behind
from decisions.rules.sensitivity.next_question import asked_first, most_deciding_first
from decisions.rules.sensitivity.settled import Robustness, robustness_of
from evidence.domain.entries import EvidenceBase

ASKED_TOGETHER = frozenset({QuestionType.INTEGER, QuestionType.YES_NO})
"""The types of which a card can ask several."""
CLEARED = frozenset({Effect.STOP, Effect.REVIEW})
"""The effects for which an option waits until it is cleared."""


class ShortPath(Frozen):
    """Where the short path of a case is.

    to_ask: the questions that can be asked now, what matters most first. to_come: those and the
    ones that may be asked after them. needed: of to_ask, what comes before any choice.
    before_answer: of to_come, what is asked before the path offers its answer, as long as one of
    them can be asked now.
    robustness: what of all that is missing can still change who leads.
    """

    to_ask: tuple[str, ...]
    to_come: tuple[str, ...]
    needed: tuple[str, ...]
    before_answer: tuple[str, ...]
    robustness: Robustness

    @property
    def before_the_offer(self) -> tuple[str, ...]:
        """Of what can be asked now, what is asked before the path offers its answer."""
        return tuple(one for one in self.to_ask if one in self.before_answer)

    @property
    def may_stop(self) -> bool:
        """Whether nothing is unasked that comes before any choice."""
        return not self.needed


def short_path(
    edition: Edition,
    answers: Answers,
    evidence: EvidenceBase,
    *,
    robustness: Robustness | None = None,
    also: frozenset[str] = frozenset(),
) -> ShortPath:
    """also: questions that somebody else would clear and the therapist asks all the same.

    robustness: of the same answers, where it is at hand.
    """
    found = robustness or robustness_of(edition, answers, evidence)
    before_all = asked_before_all(edition)
    left = _left_to_others(edition) - also
    deciding = frozenset(found.depends_on) - left
    asked = before_all | deciding | also
    may_lead = frozenset(found.settled_on if found.settled else OptionId)
    clearing = {
        name
        for name in _waited_for(edition, answers, evidence, may_lead)
        if _is_reached(answers, name, asked)
    }
    wanted = edition.questionnaire.in_order(asked | clearing)
    to_come = tuple(name for name in wanted if _may_come(answers, name))
    to_ask = tuple(name for name in to_come if answers.is_asked(name))
    needed = tuple(name for name in to_ask if name in before_all)
    before_answer = _before_the_answer(edition, to_come, before_all | also)
    is_asked = not before_answer.isdisjoint(to_ask)
    by_weight = most_deciding_first(edition, answers, evidence, to_ask)
    in_order = (*asked_first(edition, answers), *_by_hand(edition, needed), *by_weight)
    to_ask = tuple(name for name in dict.fromkeys(in_order) if name in to_ask)
    return ShortPath(
        to_ask=tuple(sorted(to_ask, key=lambda name: name not in before_answer)),
        to_come=to_come,
        needed=needed,
        before_answer=tuple(one for one in to_come if one in before_answer) if is_asked else (),
        robustness=found,
    )


def _by_hand(edition: Edition, needed: tuple[str, ...]) -> tuple[str, ...]:
    """The order that an edition keeps: what must be known, the rest of that, what is weightiest."""
    plan = edition.short_path
    return (*plan.must_be_known, *needed, *plan.before_the_answer)


def _before_the_answer(
    edition: Edition, to_come: tuple[str, ...], first: frozenset[str]
) -> frozenset[str]:
    """Of what may come, what is asked before an answer is offered; all without such a list."""
    named = edition.short_path.before_the_answer
    return frozenset(to_come) & (first | set(named)) if named else frozenset(to_come)


def _waited_for(
    edition: Edition, answers: Answers, evidence: EvidenceBase, options: frozenset[OptionId]
) -> frozenset[str]:
    """What no other card asks, nobody else clears, and one of these options waits for."""
    by_no_card = _asked_by_no_card(edition, evidence)
    return frozenset(
        name
        for one in prepare(edition, evidence)
        if one.rule.effect in CLEARED and options & one.of
        for name in by_no_card.intersection(edition.questions_of(one.rule.when))
        if one.rule.when.evaluate(answers.facts) is Truth.UNKNOWN
    )


def _is_reached(answers: Answers, name: str, asked: frozenset[str]) -> bool:
    """Whether a question is asked, or may be once one of these is answered."""
    condition = answers.questionnaire.question(name).ask_when
    if condition is None or answers.asked[name] is not Truth.UNKNOWN:
        return answers.is_asked(name)
    return not asked.isdisjoint(answers.waits_for(condition))


def robustness_of_nothing(edition: Edition, evidence: EvidenceBase) -> Robustness:
    """Of a case without any answer: what can change who leads in some case."""
    return robustness_of(edition, Answers(edition.questionnaire, {}), evidence)


@lru_cache(maxsize=8)
def _asked_by_no_card(edition: Edition, evidence: EvidenceBase) -> frozenset[str]:
    """What stops and reviews read that can never change who leads, and that nobody else clears."""
    read = {
        name
        for rule in edition.rules
        if rule.effect in CLEARED
        for name in edition.questions_of(rule.when)
    }
    decides = frozenset(robustness_of_nothing(edition, evidence).depends_on)
    return frozenset(read) - _left_to_others(edition) - asked_before_all(edition) - decides


@lru_cache(maxsize=8)
def _left_to_others(edition: Edition) -> frozenset[str]:
    return frozenset(edition.short_path.left())


def _may_come(answers: Answers, name: str) -> bool:
    """Whether a question is open, and asked now or once another one is answered."""
    if answers.is_complete(name):
        return False
    match answers.asked[name]:
        case Truth.TRUE:
            return True
        case Truth.FALSE:
            return False
        case Truth.UNKNOWN:
            condition = answers.questionnaire.question(name).ask_when
            return condition is not None and any(
                _may_come(answers, one) for one in answers.waits_for(condition)
            )


@lru_cache(maxsize=8)
def asked_before_all(edition: Edition) -> frozenset[str]:
    """What an act-first rule reads, and what the edition says must be known."""
    return read_by_act_first(edition.questionnaire, edition.rules) | frozenset(
        edition.short_path.must_be_known
    )


def read_by_act_first(questionnaire: Questionnaire, rules: tuple[Rule, ...]) -> frozenset[str]:
    """The questions on which it depends whether an act-first rule is true, directly or in turn."""
    conditions: list[Condition] = [rule.when for rule in rules if rule.effect is Effect.URGENT]
    leaves = leaves_behind(questionnaire, conditions)
    return frozenset(questionnaire.owner_of(leaf.question).id for leaf in leaves)


def open_for(answers: Answers, who: str) -> tuple[Question, ...]:
    """The questions that are asked, have no answer, and can be left to a clearer."""
    return tuple(
        one
        for one in answers.questionnaire.questions
        if one.cleared_by and one.cleared_by.id == who and _is_open(answers, one.id)
    )


def may_be_left(edition: Edition, answers: Answers) -> Mapping[str, tuple[str, ...]]:
    """Clearer -> what is open and can be left to them; nothing while something that comes first is
    open."""
    first = asked_before_all(edition)
    if any(answers.is_asked(name) and not answers.is_complete(name) for name in first):
        return {}
    found = {who: open_for(answers, who) for who in edition.short_path.cleared_by}
    return {who: tuple(one.id for one in some) for who, some in found.items() if some}


def _is_open(answers: Answers, name: str) -> bool:
    return answers.is_asked(name) and not answers.is_answered(name)


def problems_of_short_path(
    plan: ShortPathPlan, questionnaire: Questionnaire, rules: tuple[Rule, ...]
) -> tuple[EditionProblem, ...]:
    """Questions that are not there, or that must not be left to anybody."""
    if plan.edition not in ("", questionnaire.edition):
        return (_problem(f"it is of edition {plan.edition}"),)
    strange = {name for name in plan.named() if not questionnaire.has_question(name)}
    if strange:
        return (_problem(f"there is no question {', '.join(sorted(strange))}"),)
    left = [*plan.left()]
    must = {one.id for one in questionnaire.questions if not one.unknown}
    must |= {*plan.must_be_known, *read_by_act_first(questionnaire, rules)}
    found = []
    for together in plan.asked_together:
        types = {questionnaire.question(name).type for name in together}
        if len(types) > 1 or not types <= ASKED_TOGETHER:
            found.append(_problem(f"one card cannot ask {', '.join(together)}"))
    if wrong := sorted(must & set(left)):
        found.append(_problem(f"nobody else can be left {', '.join(wrong)}"))
    if twice := sorted({name for name in left if left.count(name) > 1}):
        found.append(_problem(f"two clear {', '.join(twice)}"))
    return tuple(found)


def _problem(what: str) -> EditionProblem:
    fix = "See the header of the file for what is allowed here"
    return EditionProblem(
        fault=Fault.SHORT_PATH, file="short_path.yaml", where="the file", what=what, fix=fix
    )
