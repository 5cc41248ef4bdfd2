"""What another edition asks otherwise, and what its rules say otherwise of the same answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Verdict
from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, QuestionType

HOLDING_BACK = (Verdict.NOT_SUITABLE, Verdict.SPECIALIST_REVIEW, Verdict.MORE_INFORMATION)
"""The verdicts that hold an option back, the strictest first. The other three are level."""


class AskedOtherwise(Frozen):
    """A question that both editions ask, with other words, values or bounds."""

    question: str
    reworded: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    """Labels of values that only the later, or only the earlier edition takes."""


class QuestionChanges(Frozen):
    """How the questions of a later edition differ, each in the order of its own edition."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    otherwise: tuple[AskedOtherwise, ...]


def question_changes(before: Questionnaire, after: Questionnaire) -> QuestionChanges:
    """What a later questionnaire asks newly, no longer, or in another way."""
    otherwise = (
        _asked_otherwise(before.question(one.id), one)
        for one in after.questions
        if before.has_question(one.id)
    )
    return QuestionChanges(
        new=tuple(one.id for one in after.questions if not before.has_question(one.id)),
        gone=tuple(one.id for one in before.questions if not after.has_question(one.id)),
        otherwise=tuple(one for one in otherwise if one is not None),
    )


def _asked_otherwise(was: Question, now: Question) -> AskedOtherwise | None:
    """None where it is asked as before. A label in other words is another wording, too."""
    old, new = _labels(was), _labels(now)
    shared = old.keys() & new.keys()
    found = AskedOtherwise(
        question=now.id,
        reworded=(was.ask, was.help, was.instrument) != (now.ask, now.help, now.instrument)
        or any(old[value] != new[value] for value in shared),
        added=tuple(label for value, label in new.items() if value not in old),
        removed=tuple(label for value, label in old.items() if value not in new),
    )
    return found if found.reworded or found.added or found.removed else None


def _labels(question: Question) -> Mapping[str, str]:
    """What can be answered, in words; a number by its bounds."""
    if question.min is not None and question.max is not None:
        bounds = f"{question.min} to {question.max}"
        return {bounds: bounds}
    return {option.value: option.label for option in question.choices}


def lists_with_more(before: Questionnaire, after: Questionnaire) -> frozenset[str]:
    """Questions with several answers to which the later questionnaire adds some.

    What was ticked before says nothing of an addition: it was not asked, and open is never no.
    """
    return frozenset(
        one.id
        for one in after.questions
        if one.type is QuestionType.CHOICES
        and before.has_question(one.id)
        and one.values - before.question(one.id).values
    )


def values_split(before: Questionnaire, after: Questionnaire) -> Mapping[str, frozenset[str]]:
    """Question -> values that say something else now, where the question has gained values.

    Part of what such a value said may be what a new one says: it has to be chosen again.
    """
    found = {}
    for now in after.questions:
        if now.type is not QuestionType.CHOICE or not before.has_question(now.id):
            continue
        old, new = _labels(before.question(now.id)), _labels(now)
        if new.keys() - old.keys():
            found[now.id] = frozenset(one for one in old if one in new and old[one] != new[one])
    return found


def answers_taken(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, object]:
    """Those plain answers that this questionnaire asks for and takes."""
    return {
        name: raw
        for name, raw in answers.items()
        if questionnaire.has_question(name) and _takes(questionnaire.question(name), raw)
    }


def _takes(question: Question, raw: object) -> bool:
    try:
        read_answer(question, raw)
    except AnswerProblem:
        return False
    return True


class VerdictChange(Frozen):
    """An option that two outcomes judge otherwise. now: what holds it back only after."""

    option: OptionId
    before: Verdict
    after: Verdict
    now: tuple[str, ...]
    """Sentences of stops, reviews and bars that are true only after."""
    waits_for: tuple[str, ...]
    """Questions that a stop or review waits for only after."""
    barred_now: bool = False
    """Whether a bar keeps it from leading only after."""

    @property
    def is_stricter(self) -> bool:
        """Whether the option is held back further than before."""
        return self.barred_now or strictness(self.after) < strictness(self.before)

    @property
    def rank(self) -> tuple[int, bool]:
        """By what two changes of one option are compared: the stricter has the lower one."""
        return strictness(self.after), not self.barred_now


def strictness(verdict: Verdict) -> int:
    """The rank of a verdict: 0 is the strictest, and all that hold nothing back are level."""
    return HOLDING_BACK.index(verdict) if verdict in HOLDING_BACK else len(HOLDING_BACK)


class OutcomeChanges(Frozen):
    """What differs between two outcomes. urgent: sentences to act on first, only after."""

    verdicts: tuple[VerdictChange, ...] = ()
    urgent: tuple[str, ...] = ()
    no_longer_urgent: tuple[str, ...] = ()

    @property
    def stricter(self) -> tuple[VerdictChange, ...]:
        """The options that are judged more strictly."""
        return tuple(one for one in self.verdicts if one.is_stricter)

    @property
    def is_stricter(self) -> bool:
        """Whether an option is judged more strictly, or something comes first that did not."""
        return bool(self.urgent or self.stricter)


def stricter_of_both(one: OutcomeChanges, other: OutcomeChanges) -> OutcomeChanges:
    """Of two readings of the same answers, for each option the one that holds it back further."""
    verdicts = {change.option: change for change in other.verdicts}
    for change in one.verdicts:
        rival = verdicts.get(change.option)
        if rival is None or change.rank <= rival.rank:
            verdicts[change.option] = change
    return OutcomeChanges(
        verdicts=tuple(verdicts[option] for option in OptionId if option in verdicts),
        urgent=tuple(dict.fromkeys((*one.urgent, *other.urgent))),
        no_longer_urgent=tuple(
            text for text in one.no_longer_urgent if text in other.no_longer_urgent
        ),
    )


def outcome_changes(before: Outcome, after: Outcome) -> OutcomeChanges:
    """What a later outcome says otherwise. Rules are told apart by their ids."""
    was, now = _by_rule(before.urgent), _by_rule(after.urgent)
    changed = (_verdict_change(before.options[one], after.options[one]) for one in OptionId)
    return OutcomeChanges(
        verdicts=tuple(one for one in changed if one is not None),
        urgent=tuple(because for rule, because in now.items() if rule not in was),
        no_longer_urgent=tuple(because for rule, because in was.items() if rule not in now),
    )


def _by_rule(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {one.rule: one.because for one in findings}


def _verdict_change(was: OptionOutcome, now: OptionOutcome) -> VerdictChange | None:
    if was.verdict is now.verdict:
        return None
    held = {one.rule for one in _holding(was)}
    waited = {name for one in was.pending for name in one.waits_for}
    waits = [name for one in now.pending for name in one.waits_for if name not in waited]
    return VerdictChange(
        option=now.option,
        before=was.verdict,
        after=now.verdict,
        now=tuple(one.because for one in _holding(now) if one.rule not in held),
        waits_for=tuple(dict.fromkeys(waits)),
        barred_now=now.barred and not was.barred,
    )


def _holding(one: OptionOutcome) -> Iterator[Finding]:
    yield from (*one.stops, *one.reviews, *one.bars)
