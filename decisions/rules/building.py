"""Plain data of edition files made into models; each fault named with its place and its fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from decisions.rules.engine.edition import EditionProblem, Fault
from decisions.rules.engine.rules import Rule
from decisions.rules.logic.conditions import ConditionError, parse_condition
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.parts import Odd, Parts, derived_of, instrument_of
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, Section

Built = TypeVar("Built")


class RulesRead(NamedTuple):
    """What rules.yaml holds."""

    rules: tuple[Rule, ...]
    open_is_never_no: bool


def unreadable(file: str, where: str, what: str, fix: str) -> EditionProblem:
    return EditionProblem(fault=Fault.UNREADABLE, file=file, where=where, what=what, fix=fix)


_FIX = "See the header of the file for what is allowed here"


def _attempt(
    file: str, where: str, problems: list[EditionProblem], build: Callable[[], Built]
) -> Built | None:
    """What `build` gives, or None after its fault was added to `problems`."""
    try:
        return build()
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = ".".join(str(part) for part in detail["loc"])
            message = detail["msg"].removeprefix("Value error, ")
            problems.append(unreadable(file, where, f"{place}: {message}".lstrip(": "), _FIX))
    except (ConditionError, Odd) as error:
        problems.append(unreadable(file, where, str(error), _FIX))
    return None


def _check_keys(raw: Mapping[str, Any], allowed: set[str]) -> None:
    if strange := sorted(str(key) for key in raw.keys() - allowed):
        raise Odd(f"unknown key {', '.join(strange)}")
    if missing := sorted(allowed - raw.keys()):
        raise Odd(f"key {', '.join(missing)} is missing")


def _entries(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = raw[key]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Odd(f"{key} must be a list of mappings")
    return entries


def _build_each(
    file: str,
    kind: str,
    raw: Mapping[str, Any],
    key: str,
    problems: list[EditionProblem],
    build: Callable[[dict[str, Any]], Built],
) -> tuple[Built, ...] | None:
    """One model an entry; None when the file or any entry is at fault."""
    before = len(problems)
    entries = _attempt(file, "the file", problems, lambda: _entries_of_file(raw, key))
    built = [
        _attempt(file, f"{kind} {entry.get('id', place)}", problems, partial(build, entry))
        for place, entry in enumerate(entries or ())
    ]
    whole = tuple(one for one in built if one is not None)
    return whole if len(problems) == before else None


def _entries_of_file(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    _check_keys(raw, {"edition", key})
    return _entries(raw, key)


def build_instruments(
    raw: Mapping[str, Any], problems: list[EditionProblem]
) -> tuple[Instrument, ...] | None:
    return _build_each(
        "instruments.yaml", "instrument", raw, "instruments", problems, Instrument.model_validate
    )


_OPEN_IS_NEVER_NO = "open_is_never_no"
"""A key of rules.yaml, explained under OPEN in its header."""


def build_rules(raw: Mapping[str, Any], problems: list[EditionProblem]) -> RulesRead | None:
    rest = {key: value for key, value in raw.items() if key != _OPEN_IS_NEVER_NO}
    rules = _build_each("rules.yaml", "rule", rest, "rules", problems, _build_rule)
    stated = raw.get(_OPEN_IS_NEVER_NO, False)
    if not isinstance(stated, bool):
        what = f"{_OPEN_IS_NEVER_NO} is true or false, not {stated!r}"
        problems.append(unreadable("rules.yaml", "the file", what, _FIX))
        return None
    return None if rules is None else RulesRead(rules, stated)


def _build_rule(raw: dict[str, Any]) -> Rule:
    if "when" not in raw:
        raise Odd("key when is missing")
    return Rule.model_validate({**raw, "when": parse_condition(raw["when"])})


def build_questionnaire(
    raw: Mapping[str, Any], parts: Parts, problems: list[EditionProblem]
) -> Questionnaire | None:
    file = "questionnaire.yaml"
    sections = _build_each(
        file,
        "section",
        raw,
        "sections",
        problems,
        lambda entry: _build_section(entry, parts),
    )
    if sections is None:
        return None
    return _attempt(
        file,
        "the file",
        problems,
        lambda: Questionnaire(edition=str(raw["edition"]), sections=sections),
    )


def _build_section(raw: dict[str, Any], parts: Parts) -> Section:
    if "questions" not in raw:
        raise Odd("key questions is missing")
    questions = tuple(_build_question(one, parts) for one in _entries(raw, "questions"))
    return Section.model_validate({**raw, "questions": questions})


def _build_question(raw: dict[str, Any], parts: Parts) -> Question:
    fields = {**raw, "cleared_by": parts.clearers.get(str(raw.get("id")))}
    try:
        if "cleared_by" in raw:
            raise Odd("cleared_by belongs into short_path.yaml")
        if "ask_when" in raw:
            fields["ask_when"] = parse_condition(raw["ask_when"])
        if "instrument" in raw:
            fields["instrument"] = instrument_of(raw["instrument"], parts.instruments)
            fields["derives"] = derived_of(raw.get("derives"))
        return Question.model_validate(fields)
    except (ConditionError, Odd) as error:
        raise Odd(f"question {raw.get('id')}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise Odd(f"question {raw.get('id')}: {place} {message}") from error
