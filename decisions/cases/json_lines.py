"""The JSON Lines contract of `manage.py decide`: a line in, a result line out.

Stable from the first release; docs/decide.md describes it for its users.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome
from decisions.rules.questionnaire.answers import Answers, AnswersRefused, Problem
from decisions.rules.questionnaire.questionnaire import Questionnaire
from decisions.rules.sensitivity.changes import Change, Changes
from decisions.rules.sensitivity.settled import Robustness

LINE_KEYS = frozenset({"id", "answers"})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line that could be read: the caller's id, given back as it was, and the answers."""

    id: object
    answers: Answers


class LineRefused(ValueError):
    """A line that could not be read; `problems` names everything that is wrong with it."""

    def __init__(self, line_id: object, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.problem for problem in problems))
        self.line_id = line_id
        self.problems = problems


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys were given more than once."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        result.repeated = tuple(name for name in result if names.count(name) > 1)
    return result


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def read_line(questionnaire: Questionnaire, line: bytes) -> CaseLine:
    """The case in one line of JSON. Raises LineRefused with everything that is wrong."""
    whole = _read_json(line)
    line_id = whole.get("id")
    problems = [*_problems_of_line(whole)]
    raw = whole.get("answers")
    answers = None
    if isinstance(raw, _Object):
        problems += _problems_of_repeats(raw)
        try:
            answers = Answers.read(questionnaire, raw)
        except AnswersRefused as error:
            problems += error.problems
    if problems or answers is None:
        raise LineRefused(line_id, tuple(problems))
    return CaseLine(line_id, answers)


def _read_json(line: bytes) -> _Object:
    try:
        whole = json.loads(
            line.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_number,
        )
    except UnicodeDecodeError as error:
        raise _refused("not in UTF-8: save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        place = error.pos + 1
        raise _refused(f"no JSON: {error.msg} at character {place}; one object a line") from error
    except (ValueError, RecursionError) as error:
        raise _refused(f"no JSON: {error}") from error
    if not isinstance(whole, _Object):
        raise _refused('must be an object: {"id": ..., "answers": {...}}')
    return whole


def _refused(problem: str) -> LineRefused:
    return LineRefused(None, (Problem(question=None, problem=problem),))


def _problems_of_line(whole: _Object) -> Iterator[Problem]:
    for name in (*whole.repeated, *_repeated_within(whole.get("id"))):
        yield Problem(question=None, problem=f"key {name!r} is given more than once")
    for name in whole:
        if name not in LINE_KEYS:
            yield Problem(question=None, problem=f"unknown key {name!r}: use id and answers")
    if "answers" not in whole:
        yield Problem(question=None, problem="no answers: add an object of question ids and values")
    elif not isinstance(whole["answers"], dict):
        yield Problem(question=None, problem="answers must be an object of question ids and values")


def _repeated_within(value: object) -> Iterator[str]:
    """The keys given more than once anywhere inside a value."""
    match value:
        case _Object():
            yield from value.repeated
            parts = list(value.values())
        case list():
            parts = value
        case _:
            parts = []
    for part in parts:
        yield from _repeated_within(part)


def _problems_of_repeats(raw: _Object) -> Iterator[Problem]:
    for name in raw.repeated:
        yield Problem(question=name, problem="is given more than once")
    for name, value in raw.items():
        if isinstance(value, _Object) and value.repeated:
            yield Problem(
                question=name, problem=f"key {', '.join(value.repeated)} is given more than once"
            )


def write_refusal(refused: LineRefused, number: int) -> str:
    """The result line of a line that could not be read. number: which one it is, from 1."""
    errors = [problem.model_dump() for problem in refused.problems]
    return json.dumps({"id": refused.line_id, "line": number, "errors": errors})


def write_outcome(
    line_id: object, outcome: Outcome, robustness: Robustness, changes: Changes | None = None
) -> str:
    """The result line of a case; with `changes` where they were asked for."""
    result: dict[str, object] = {
        "id": line_id,
        "edition": outcome.edition,
        "edition_sha256": outcome.edition_sha256,
        "evidence_release": outcome.evidence_release,
        "evidence_sha256": outcome.evidence_sha256,
        "urgent": _rules(outcome.urgent),
        "notes": _rules(outcome.notes),
        "leading": outcome.leading,
        "close": outcome.close,
        "by_preference": outcome.by_preference,
        "settled": robustness.settled,
        "settled_on": robustness.settled_on,
        "depends_on": robustness.depends_on,
        "options": {option: _option(one) for option, one in outcome.options.items()},
    }
    if changes is not None:
        result["changes"] = {
            option: [_change(one) for one in of_option] for option, of_option in changes.items()
        }
    return json.dumps(result)


def _change(one: Change) -> Mapping[str, object]:
    return {
        "set": [{"question": step.question, "to": step.to} for step in one.steps],
        "verdict": one.verdict,
        "gained": one.gained,
        "lost": one.lost,
    }


def _option(one: OptionOutcome) -> Mapping[str, object]:
    return {
        "verdict": one.verdict,
        "barred": one.barred,
        "stops": _rules(one.stops),
        "reviews": _rules(one.reviews),
        "for": _rules(one.favour),
        "against": _rules(one.against),
        "silent": _rules(one.silent),
        "pending": [{"rule": p.rule, "waits_for": p.waits_for} for p in one.pending],
        "notes": _rules(one.notes),
    }


def _rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]
