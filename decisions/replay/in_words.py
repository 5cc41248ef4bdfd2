"""The differences of a replay for people who read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from decisions.replay.differences import (
    Aspect,
    CaseName,
    Change,
    Counted,
    Differences,
    Group,
    How,
    NotCompared,
    RuleChange,
    SideName,
    WhyNot,
)

NAMED = 10
"""Cases named in a line; the JSON names all."""
SHORT_HASH = 12


def in_words(found: Differences) -> str:
    """Everything that a replay found, as lines of text."""
    return "\n".join((*_head(found), *_not_compared(found), *_groups(found)))


def _head(found: Differences) -> Iterator[str]:
    yield f"before  {_side(found.before)}"
    yield f"after   {_side(found.after)}"
    yield f"compared: {_counted(found.compared)}"
    yield f"told something else: {_counted(found.changed)}"
    if found.recorded_otherwise:
        yield (
            f"{_number(found.recorded_otherwise, 'recorded decision')} said something else when "
            "recorded than the side before says; compared is what it says"
        )
    if found.questions_new:
        yield f"asked only after, so unanswered in these cases: {', '.join(found.questions_new)}"
    if found.questions_missing:
        yield f"asked only before: {', '.join(found.questions_missing)}"


def _side(side: SideName) -> str:
    text = (
        f"edition {side.edition} ({side.edition_sha256[:SHORT_HASH]}), "
        f"evidence {side.evidence_release} ({side.evidence_sha256[:SHORT_HASH]})"
    )
    return f"{text}, retracted: {', '.join(side.retracted)}" if side.retracted else text


def _not_compared(found: Differences) -> Iterator[str]:
    if found.not_compared:
        yield f"not compared, because an edition cannot read them: {_counted(found.refused)}"
    for one in found.not_compared:
        yield f"  {_why(one)}: {_names(one.cases)}"


def _why(one: NotCompared) -> str:
    if one.why is WhyNot.QUESTION_MISSING:
        return f"edition {one.edition} has no question {one.question}"
    return f"edition {one.edition} does not take the answer to {one.question}"


def _groups(found: Differences) -> Iterator[str]:
    rules = {one.rule: one for one in found.rules}
    for group in found.groups:
        yield ""
        yield f"{_responsible(group, rules)}: {_counted(group.counted)}"
        for one in group.changes:
            yield f"  {_change(one.change)}: {_names(one.cases)}"


def _responsible(group: Group, changes: dict[str, RuleChange]) -> str:
    named = [_rule(rule, changes.get(rule)) for rule in group.responsible.rules]
    match group.responsible.how:
        case How.ALONE:
            return named[0]
        case How.EACH:
            return f"any one of {_listed(named)}"
        case How.TOGETHER:
            return f"only together {_listed(named)}"
        case How.NO_RULE:
            return "no rule, but the preference, which is read differently"


def _rule(rule: str, change: RuleChange | None) -> str:
    return f"{rule} ({_what(change)})"


def _what(change: RuleChange | None) -> str:
    if change is None:
        return "its questions are asked differently"
    weights = f"weight {change.weight_before} -> {change.weight_after}"
    return ", ".join(weights if what == "weight" else what for what in change.what)


def _change(one: Change) -> str:
    values = f"{one.before} -> {one.after}"
    match one.aspect:
        case Aspect.VERDICT:
            return f"{one.option}: {values}"
        case Aspect.BAR:
            return f"{one.option} held back: {values}"
        case Aspect.LEADING:
            return f"leading: {values}"
        case Aspect.ACT_FIRST:
            return f"act first: {values}"


def _names(names: Sequence[CaseName]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)}: {', '.join(map(_name, names[:NAMED]))}{more}"


def _name(name: CaseName) -> str:
    if name.decision is None:
        return name.case_id
    return f"{name.case_id} (decision {name.decision})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _counted(counted: Counted) -> str:
    cases = _number(counted.cases, "case")
    return f"{cases}, {_number(counted.decisions, 'recorded decision')}"


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
