"""Two editions beside each other in words: what they ask and say otherwise, and of whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import OptionId, Rule
from decisions.rules.proof.claims import Counterexample
from decisions.rules.questionnaire.questionnaire import Question

OPTION_WORDS: Mapping[OptionId, str] = {
    OptionId.KETAMINE: "Ketamine",
    OptionId.REPEAT_TMS: "Repeat TMS",
    OptionId.BOTH: "Both at once",
}
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.NOT_SUITABLE: "not suitable",
    Verdict.SPECIALIST_REVIEW: "for specialist review",
    Verdict.MORE_INFORMATION: "in need of more information",
    Verdict.LESS_SUITABLE: "less suitable",
    Verdict.FAVOURED: "favored",
    Verdict.REASONABLE: "reasonable",
}


def editions_in_words(before: Edition, after: Edition) -> Iterator[str]:
    """What two editions ask and say otherwise, a line each; the order of rules aside."""
    yield from _questions_in_words(before, after)
    yield from _rules_in_words(_by_id(before), _by_id(after))


def kind_in_words(found: Counterexample, before: Edition, after: Edition) -> str:
    """One kind of case that is decided otherwise, with the rules that make the difference."""
    option, _, verdicts = found.what.partition(": ")
    was, _, becomes = verdicts.partition(" becomes ")
    rules = " ".join(_rule_in_words(name, before, after) for name in _telling(found, after))
    said = f"{OPTION_WORDS[OptionId(option)]}: {VERDICT_WORDS[Verdict(was)]} in {before.id}, "
    return f"{said}{VERDICT_WORDS[Verdict(becomes)]} in {after.id}. {rules}"


def _by_id(edition: Edition) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in edition.rules}


def _telling(found: Counterexample, after: Edition) -> list[str]:
    """The rules that make the difference; those true of everybody only where there is no other."""
    rules = _by_id(after)
    others = [one for one in found.rules if one not in rules or rules[one].when.op != "always"]
    return others or [*found.rules]


def _rule_in_words(name: str, before: Edition, after: Edition) -> str:
    was, becomes = _by_id(before).get(name), _by_id(after).get(name)
    if becomes is not None:
        return f"{'New' if was is None else 'Changed'}: {becomes.because} [{name}]"
    return f"No longer: {was.because if was else ''} [{name}]"


def _questions_in_words(before: Edition, after: Edition) -> Iterator[str]:
    was = {one.id: one for one in before.questionnaire.questions}
    becomes = {one.id: one for one in after.questionnaire.questions}
    for name in _all_of(was, becomes):
        if name not in was:
            yield f"Newly asked: {becomes[name].ask} [{name}]"
        elif name not in becomes:
            yield f"No longer asked: {was[name].ask} [{name}]"
        elif said := "; ".join(_question_in_words(was[name], becomes[name])):
            yield f"Asked differently: {becomes[name].ask} [{name}: {said}]"


def _question_in_words(was: Question, becomes: Question) -> Iterator[str]:
    if was.ask != becomes.ask:
        yield f"before: {was.ask}"
    labels = [{one.value: one.label for one in question.choices} for question in (was, becomes)]
    for value in _all_of(*labels):
        before, after = (one.get(value) for one in labels)
        if before is None:
            yield f"new answer {after}"
        elif after is None:
            yield f"no answer {before} any more"
        elif before != after:
            yield f"{after}, before {before}"
    if was.ask_when != becomes.ask_when:
        yield "asked of other patients"


def _rules_in_words(was: Mapping[str, Rule], becomes: Mapping[str, Rule]) -> Iterator[str]:
    for name in _all_of(was, becomes):
        if name not in was:
            yield f"New {becomes[name].effect}: {becomes[name].because} [{name}]"
        elif name not in becomes:
            yield f"No longer a {was[name].effect}: {was[name].because} [{name}]"
        elif was[name] != becomes[name]:
            parts = ", ".join(_changed_parts(was[name], becomes[name]))
            yield f"Changed {becomes[name].effect}: {becomes[name].because} [{name}: {parts}]"


_PARTS: Mapping[str, str] = {
    "effect": "effect",
    "options": "options",
    "strength": "strength",
    "basis": "basis",
    "bars": "bar",
    "when": "condition",
    "because": "sentence",
    "evidence": "evidence",
    "positions": "positions",
    "counter": "evidence against",
}


def _changed_parts(was: Rule, becomes: Rule) -> Iterator[str]:
    return (words for name, words in _PARTS.items() if getattr(was, name) != getattr(becomes, name))


def _all_of(*several: Iterable[str]) -> Iterable[str]:
    """Every name of the later first, in its order; then those that only the earlier has."""
    return dict.fromkeys(name for one in reversed(several) for name in one)
