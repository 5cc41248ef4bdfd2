"""CSL-JSON: a list of items, as reference managers and Crossref write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

from evidence.exchange.people import name_as_printed, printed
from evidence.exchange.work import FileRefused, Found, Unread

ENTITY = re.compile(r"&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,6});", re.IGNORECASE)
PARAGRAPH = re.compile(r"</?(?:jats:)?(?:p|sec|title)(?:\s[a-z:]{1,20}=[^<>]{0,200})?>")
MARK = re.compile(r"</?jats:[a-z-]{1,30}(?:\s[^<>]{0,200})?/?>")
"""What Crossref puts around the paragraphs of an abstract, and what it puts into them."""


def read_csl(text: str) -> Iterator[Found | Unread]:
    """The works of a CSL-JSON file. Raises FileRefused."""
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise FileRefused("This JSON is nested too deeply. Export the references again.") from error
    except ValueError as error:
        raise FileRefused("This is not valid JSON. Export the references again.") from error
    items = _items(whole)
    if not any(isinstance(item, dict) for item in items):
        raise FileRefused("This JSON is not a list of references. Export it as CSL-JSON.")
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield _of_item(item)
        else:
            yield Unread(f"Item {number} of the list is not a reference.")


def _items(whole: object) -> list[object]:
    """A list of items, one item, or a list under the names that programs give it."""
    if isinstance(whole, dict):
        message = whole.get("message")
        inner = message if isinstance(message, dict) else whole
        lists = (inner.get(name) for name in ("items", "references"))
        return next((one for one in lists if isinstance(one, list)), [inner])
    return whole if isinstance(whole, list) else [whole]


def _said(value: object) -> str:
    """A text or number; the first of a list, as Crossref writes titles."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value)[:20_000] if isinstance(value, str | int) else ""


def _words(value: object) -> str:
    return ENTITY.sub(_sign, _said(value))


def _paragraphs(abstract: str) -> list[str]:
    return [ENTITY.sub(_sign, MARK.sub("", one)) for one in PARAGRAPH.split(abstract)]


def _sign(found: re.Match[str]) -> str:
    return unescape(found[0])


def _of_item(item: dict[str, object]) -> Found:
    names = item.get("author")
    return {
        "key": _said(item.get("id")),
        "types": [_said(item.get("genre"))],
        "short_name": _said(item.get("title-short")),
        "title": _words(item.get("title")),
        "authors": [_name(one) for one in names] if isinstance(names, list) else [],
        "year": _year(item.get("issued")),
        "journal": _words(item.get("container-title")),
        "volume": _said(item.get("volume")),
        "issue": _said(item.get("issue")),
        "pages": _said(item.get("page")),
        "doi": _said(item.get("DOI")),
        "pmid": _said(item.get("PMID")),
        "pmcid": _said(item.get("PMCID")),
        "url": _said(item.get("URL")),
        "abstract": _paragraphs(_said(item.get("abstract"))),
        "remarks": [_said(item.get("note")), *_notices(item.get("updated-by"))],
    }


def _name(name: object) -> str:
    if isinstance(name, str):
        return name_as_printed(name[:400])
    if not isinstance(name, dict):
        return ""
    parts = {part: _said(value)[:400] for part, value in name.items()}
    if whole := parts.get("literal") or parts.get("name"):
        return whole
    particles = (parts.get("dropping-particle"), parts.get("non-dropping-particle"))
    family = " ".join(part for part in (*particles, parts.get("family")) if part)
    return printed(family, parts.get("given", ""), parts.get("suffix", ""))


def _year(issued: object) -> str:
    if not isinstance(issued, dict):
        return _said(issued)
    parts = issued.get("date-parts")
    while isinstance(parts, list) and parts:
        parts = parts[0]
    return _said(parts) or _said(issued.get("raw")) or _said(issued.get("literal"))


def _notices(updates: object) -> Iterator[str]:
    """What Crossref says that other papers say of this one."""
    for one in updates if isinstance(updates, list) else ():
        kind = _said(one.get("type")).lower() if isinstance(one, dict) else ""
        if kind in ("retraction", "removal", "withdrawal"):
            yield f"Retraction in: {_said(one.get('DOI'))}"
        elif "concern" in kind:
            yield f"Expression of concern in: {_said(one.get('DOI'))}"
