"""CSL-JSON: a list of items."""

from __future__ import annotations

import json
from collections.abc import Iterator

from evidence.exchange.work import FileRefused, Found, initials


def read_csl(text: str) -> Iterator[Found]:
    """The works of a CSL-JSON file. Raises FileRefused."""
    try:
        items = json.loads(text)
    except RecursionError as error:
        raise FileRefused("This JSON is nested too deeply. Export the references again.") from error
    except ValueError as error:
        raise FileRefused("This is not valid JSON. Export the references again.") from error
    items = items if isinstance(items, list) else [items]
    if not all(isinstance(item, dict) for item in items):
        raise FileRefused("This JSON is not a list of references. Export it as CSL-JSON.")
    return (_of_item(item) for item in items)


def _said(value: object) -> str:
    return str(value)[:20_000] if isinstance(value, str | int) else ""


def _of_item(item: dict[str, object]) -> Found:
    names = item.get("author")
    return {
        "key": _said(item.get("id")),
        "types": [_said(item.get("genre"))],
        "short_name": _said(item.get("title-short")),
        "title": _said(item.get("title")),
        "authors": [_name(one) for one in names] if isinstance(names, list) else [],
        "year": _year(item.get("issued")),
        "journal": _said(item.get("container-title")),
        "volume": _said(item.get("volume")),
        "issue": _said(item.get("issue")),
        "pages": _said(item.get("page")),
        "doi": _said(item.get("DOI")),
        "pmid": _said(item.get("PMID")),
        "pmcid": _said(item.get("PMCID")),
        "url": _said(item.get("URL")),
    }


def _name(name: object) -> str:
    if not isinstance(name, dict):
        return ""
    if name.get("literal"):
        return _said(name["literal"])
    particle = _said(name.get("non-dropping-particle"))
    family = f"{particle} {_said(name.get('family'))}".strip()
    return f"{family} {initials(_said(name.get('given')))}".strip()


def _year(issued: object) -> str:
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    while isinstance(parts, list) and parts:
        parts = parts[0]
    return _said(parts)
