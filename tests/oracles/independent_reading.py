"""Which lines the `decide` command refuses, worked out a second time from its contract.

Readings chosen where the contract leaves room:

- `NaN` and `Infinity` are no JSON, so the whole line is refused.
- A key repeated inside the answers is a problem of its question, elsewhere of the line.
- An answer to an id that is no question is reported under that id.
- `id` may be any JSON value, or be missing.
- A score is never null: a form not filled in is a null answer, and item 9 is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.oracles.independent_conditions import questions

ITEMS = {"phq9": 9, "gad7": 7}
HIGHEST_ITEM = 3


class NoJsonError(Exception):
    """The text of a line is not JSON."""


class Record(dict[str, Any]):
    """A JSON object that knows which of its keys were given more than once."""

    repeated: frozenset[str] = frozenset()


def problems(line: str) -> set[str | None]:
    """The questions of a line that are answered wrongly, `None` for the line itself."""
    try:
        record = json.loads(line, object_pairs_hook=as_record, parse_constant=refuse)
    except (ValueError, NoJsonError, RecursionError):
        return {None}
    answers = record.get("answers") if isinstance(record, Record) else None
    if not isinstance(answers, Record):
        return {None}
    wrong: set[str | None] = {key for key in answers if not is_right(key, answers[key])}
    wrong |= {key for key in answers if key in answers.repeated or has_repeats(answers[key])}
    if set(record) - {"id", "answers"} or record.repeated or has_repeats(record.get("id")):
        wrong.add(None)
    return wrong


def as_record(pairs: list[tuple[str, Any]]) -> Record:
    record = Record(pairs)
    names = [name for name, _ in pairs]
    record.repeated = frozenset(name for name in names if names.count(name) > 1)
    return record


def has_repeats(value: Any) -> bool:
    """Whether an object anywhere inside this value repeats a key."""
    if isinstance(value, Record) and value.repeated:
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(has_repeats(part) for part in parts)


def refuse(_constant: str) -> None:
    raise NoJsonError


def is_right(key: str, answer: Any) -> bool:
    """Whether a question of this id may be answered so."""
    if (question := questions().get(key)) is None:
        return False
    if answer is None:
        return True
    if answer == "unknown":
        return bool(question.get("unknown", True))
    match question["type"]:
        case "integer":
            return is_integer(answer, question["min"], question["max"])
        case "yes_no":
            return answer in ("yes", "no") and isinstance(answer, str)
        case "choice":
            return isinstance(answer, str) and answer in values(question)
        case "choices":
            return isinstance(answer, list) and all(list_problems(question, answer))
    return isinstance(answer, dict) and is_form(question, answer)


def is_integer(answer: Any, lowest: int, highest: int) -> bool:
    return type(answer) is int and lowest <= answer <= highest


def values(question: dict[str, Any]) -> list[str]:
    return [option["value"] for option in question["options"]]


def list_problems(question: dict[str, Any], answer: list[Any]) -> Iterator[bool]:
    for place, value in enumerate(answer):
        yield (isinstance(value, str) and value in values(question) and value not in answer[:place])


def is_form(question: dict[str, Any], form: dict[str, Any]) -> bool:
    count = ITEMS[question["instrument"]]
    match sorted(form):
        case ["items"]:
            items = form["items"]
            return (
                isinstance(items, list)
                and len(items) == count
                and all(item is None or is_integer(item, 0, HIGHEST_ITEM) for item in items)
            )
        case ["total"]:
            return is_integer(form["total"], 0, HIGHEST_ITEM * count)
        case ["item9", "total"] if question["instrument"] == "phq9":
            item9, total = form["item9"], form["total"]
            return is_integer(item9, 0, HIGHEST_ITEM) and is_integer(
                total, item9, item9 + HIGHEST_ITEM * (count - 1)
            )
    return False
