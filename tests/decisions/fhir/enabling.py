"""Which questions a form of somebody else shows: R4's `enableWhen`, read by its own rules here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Item = Mapping[str, Any]
Said = Mapping[str, list[Any]]


def items_in(resource: Item) -> Iterator[Item]:
    """Every item of a questionnaire or response, groups before what is in them."""
    for item in resource.get("item", []):
        yield item
        yield from items_in(item)


def said_in(response: Item) -> dict[str, list[Any]]:
    """Link id -> values that were answered."""
    return {
        item["linkId"]: [value for one in item["answer"] if (value := _value(one)) is not None]
        for item in items_in(response)
        if "answer" in item
    }


def _value(answer: Item) -> Any:
    coding = answer.get("valueCoding")
    return answer.get("valueInteger") if coding is None else (coding["system"], coding["code"])


def shown(questionnaire: Item, response: Item) -> set[str]:
    """The link ids that are shown. What is hidden is not seen by what depends on it."""
    said = said_in(response)
    found: set[str] = set()
    for item in items_in(questionnaire):
        if is_enabled(item, said):
            found.add(item["linkId"])
        else:
            said.pop(item["linkId"], None)
    return found


def is_enabled(item: Item, said: Said) -> bool:
    """Whether an item with such a list is enabled."""
    rows = [_holds(row, said.get(row["question"], [])) for row in item.get("enableWhen", [])]
    if not rows:
        return True
    return any(rows) if item.get("enableBehavior", "any") == "any" else all(rows)


def _holds(row: Item, values: list[Any]) -> bool:
    name = next(one for one in row if one.startswith("answer"))
    wanted = row[name]
    if isinstance(wanted, dict):
        wanted = (wanted["system"], wanted["code"])
    match row["operator"]:
        case "exists":
            return bool(values) is wanted
        case "=":
            return wanted in values
        case "!=":
            return any(one != wanted for one in values)
        case ">=":
            return any(one >= wanted for one in values)
        case "<":
            return any(one < wanted for one in values)
    raise ValueError(row["operator"])
