"""Questions, answers and conditions read a second time, apart from the engine.

The lower half of `independent_evaluation`: straight from the YAML, after the header of
`questionnaire.yaml`. Nothing is imported from `decisions` or `evidence`.

Truth is `True`, `False` or `None` (unknown).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from itertools import product
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tests.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ROOT / "decisions" / "rules" / "editions"
DOSSIER = ROOT / "evidence" / "dossier"

Truth = bool | None
Known = Mapping[str, Any]

Given = ParamSpec("Given")
Found = TypeVar("Found")

_in_use = ["2026.2"]


@contextmanager
def of_edition(edition_id: str) -> Iterator[None]:
    """Reads another edition than the current one, as long as this is entered."""
    _in_use.append(edition_id)
    try:
        yield
    finally:
        _in_use.pop()


def cached(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """What a function gave before, apart for each edition."""
    kept: dict[Any, Found] = {}

    @wraps(function)
    def look_up(*given: Given.args, **named: Given.kwargs) -> Found:
        key = (_in_use[-1], *given, *sorted(named.items()))
        if key not in kept:
            kept[key] = function(*given, **named)
        return kept[key]

    return look_up


@cache
def read(path: Path) -> Any:
    return read_yaml(path)


def file_of_edition(name: str) -> Any:
    return read(EDITIONS / _in_use[-1] / name)


@cached
def questions() -> dict[str, Any]:
    """Every question by its id, in questionnaire order."""
    sections = file_of_edition("questionnaire.yaml")["sections"]
    return {question["id"]: question for section in sections for question in section["questions"]}


@cached
def rules() -> list[dict[str, Any]]:
    return list(file_of_edition("rules.yaml")["rules"])


def open_is_never_no() -> bool:
    return bool(file_of_edition("rules.yaml").get("open_is_never_no", False))


@cache
def sources() -> dict[str, Any]:
    return {source["key"]: source for source in read(DOSSIER / "sources.yaml")}


@cache
def positions() -> dict[str, Any]:
    return {position["id"]: position for position in read(DOSSIER / "positions.yaml")}


@cached
def owner(name: str) -> str:
    """The question that gives the value of this name: itself, or the form a score comes from."""
    for question in questions().values():
        if name in question.get("derives", {}):
            return str(question["id"])
    return name


# ---------------------------------------------------------------- answers and conditions


def known_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in answers.items() if value is not None and value != "unknown"
    }


def value_of(name: str, known: Known) -> Any:
    """The answer or score of this name; `None` while it is not known."""
    answer = known.get(owner(name))
    if answer is None or name == owner(name):
        return answer
    if name.endswith("_item9"):
        return answer.get("item9") if "total" in answer else answer["items"][8]
    if "total" in answer:
        return answer["total"]
    return None if None in answer["items"] else sum(answer["items"])


def asked(question: str, known: Known) -> Truth:
    condition = questions()[question].get("ask_when")
    return True if condition is None else evaluate(condition, known)


def evaluate(condition: Mapping[str, Any], known: Known) -> Truth:
    [(operator, argument)] = condition.items()
    match operator:
        case "always":
            return True
        case "not":
            truth = evaluate(argument, known)
            return None if truth is None else not truth
        case "all" | "any":
            truths = [evaluate(part, known) for part in argument]
            decisive = operator == "any"
            if decisive in truths:
                return decisive
            return None if None in truths else not decisive
        case "unanswered":
            applies = asked(owner(argument), known)
            return applies is None or (applies and value_of(argument, known) is None)
        case _:
            return atom(operator, argument, known)


def atom(operator: str, argument: Mapping[str, Any], known: Known) -> Truth:
    [(name, wanted)] = argument.items()
    if (applies := asked(owner(name), known)) is not True:
        return applies
    if (value := value_of(name, known)) is None:
        return None
    match operator:
        case "is" if isinstance(value, list):
            return set(value) == set(wanted)
        case "is":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case "includes":
            return wanted in value
        case "at_least":
            return bool(value >= wanted)
        case "below":
            return bool(value < wanted)
    raise ValueError(operator)


# ---------------------------------------------------------------- what a pending rule waits for


def names_in(condition: Any) -> Iterator[str]:
    """Every question that this condition looks at, or that decides whether one of them is asked."""
    [(operator, argument)] = condition.items()
    if operator in {"all", "any"}:
        for part in argument:
            yield from names_in(part)
    elif operator == "not":
        yield from names_in(argument)
    elif operator != "always":
        question = owner(argument if operator == "unanswered" else next(iter(argument)))
        yield question
        yield from names_in(questions()[question].get("ask_when", {"always": True}))


@cached
def thresholds(name: str) -> tuple[int, ...]:
    """The numbers that any condition of the edition compares this value with."""
    found: set[int] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            for operator, argument in node.items():
                if operator in {"at_least", "below"} and name in argument:
                    found.add(argument[name])
                walk(argument)

    walk([rule["when"] for rule in rules()])
    walk([question.get("ask_when") for question in questions().values()])
    return tuple(sorted(found))


@cached
def samples(question: str) -> list[Any]:
    """Answers enough to reach each truth value that the conditions can tell apart."""
    description = questions()[question]
    values = [option["value"] for option in description.get("options", [])]
    match description["type"]:
        case "yes_no":
            return ["yes", "no"]
        case "choice":
            return values
        case "choices":
            return [[], values, *([value] for value in values)]
        case "integer":
            return sorted({edge for n in thresholds(question) for edge in (n - 1, n)} - {-1})
    raise ValueError(f"no stop or review rule looks at {question}")


def waits_for(rule: Mapping[str, Any], known: Known) -> list[str]:
    involved = set(names_in(rule["when"]))
    state = json.dumps({name: known[name] for name in sorted(involved) if name in known})
    return list(_waits_for(rule["id"], state))


@cached
def _waits_for(rule_id: str, state: str) -> tuple[str, ...]:
    condition = next(rule["when"] for rule in rules() if rule["id"] == rule_id)
    known = json.loads(state)
    unanswered = sorted(set(names_in(condition)) - set(known))
    found = set()
    for values in product(*([None, *samples(question)] for question in unanswered)):
        given = {q: v for q, v in zip(unanswered, values, strict=True) if v is not None}
        if evaluate(condition, {**known, **given}) is None:
            continue
        for question in given:
            rest = {key: value for key, value in given.items() if key != question}
            if evaluate(condition, {**known, **rest}) is None:
                found.add(question)
    return tuple(question for question in questions() if question in found)
