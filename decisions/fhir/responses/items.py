"""The items of a response: which there may be, and the answers given to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decisions.fhir.names import ABSENT_EXTENSION
from decisions.fhir.questionnaires.editions import paper_total_link_id
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.questionnaires.instruments import total_link_id

Answered = Mapping[str, list[dict[str, Any]]]
"""Link id -> the answers to it, at least one."""


def link_ids(form: Form) -> frozenset[str]:
    """The ids of items that take an answer."""
    return frozenset(_link_ids(form))


def _link_ids(form: Form) -> Iterator[str]:
    for question in form.questions:
        if question.instrument is None:
            yield question.id
            continue
        yield from (item.link_id or "" for item in question.instrument.items)
        is_alone = form.instrument is not None
        yield total_link_id(question.id) if is_alone else paper_total_link_id(question.id)


def answers_by_item(form: Form, items: object, problems: list[str]) -> Answered:
    """What was answered to each item; what does not belong here is added to `problems`.

    An item is looked for at any depth: some forms leave groups out. Each may come once.
    """
    takes, groups = link_ids(form), form.groups
    found: dict[str, list[dict[str, Any]]] = {}
    seen: set[str] = set()
    waiting = [*_dicts(items, "item", problems)]
    while waiting:
        item = waiting.pop(0)
        link_id = item.get("linkId")
        if not isinstance(link_id, str) or link_id not in takes | groups:
            problems.append(f"item: there is no linkId {_quoted(link_id)} in this questionnaire")
            continue
        if link_id in seen:
            problems.append(f"{link_id}: is there twice: give all its answers in one item")
            continue
        seen.add(link_id)
        if "modifierExtension" in item:
            problems.append(f"{link_id}: modifierExtension is not known here: leave it out")
        answers = [*_dicts(item.get("answer"), f"{link_id}: answer", problems)]
        if answers and link_id in groups:
            problems.append(f"{link_id}: is a group and takes no answer")
        elif answers or _says_why_none(item):
            found[link_id] = answers or [{"extension": item["extension"]}]
        waiting += _dicts(item.get("item"), f"{link_id}: item", problems)
        for one in answers:
            waiting += _dicts(one.get("item"), f"{link_id}: item", problems)
    return found


def _says_why_none(item: Mapping[str, Any]) -> bool:
    """Whether an item says itself why it is not answered, as a form that is not known does."""
    extensions = item.get("extension")
    return isinstance(extensions, list) and any(
        isinstance(one, dict) and one.get("url") == ABSENT_EXTENSION for one in extensions
    )


def _dicts(value: object, name: str, problems: list[str]) -> Iterator[dict[str, Any]]:
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        problems.append(f"{name} must be a list of objects")
        return
    yield from value


_QUOTED_LENGTH = 60


def _quoted(link_id: object) -> str:
    """An id as it was given, where it is one: nothing else of a response is repeated."""
    if not isinstance(link_id, str) or not link_id.isprintable() or " " in link_id:
        return "of this kind"
    return f"“{link_id[:_QUOTED_LENGTH]}”"
