"""Records in the shape in which Crossref's REST API gives them."""

from __future__ import annotations

from typing import Any

WORK = "10.1016/j.brs.2016.01.001"
NOTICE = "10.1016/s0140-6736(10)60175-4"


def make_update(*, doi: str, kind: str = "retraction", day: list[int] | None = None) -> Any:
    """An entry of `update-to` or `updated-by`."""
    return {
        "updated": {
            "date-parts": [day or [2010, 2, 6]],
            "date-time": "2010-02-06T00:00:00Z",
            "timestamp": 1265414400000,
        },
        "DOI": doi,
        "type": kind,
        "source": "retraction-watch",
        "label": kind.capitalize(),
        "record-id": "12345",
    }


def make_work(doi: str = WORK, **fields: Any) -> Any:
    """The record of a work without any notice, with these fields besides."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": ["A trial"],
        "publisher": "A publisher",
        "is-referenced-by-count": 3,
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }


def answer_with(work: Any) -> Any:
    """The answer to a question about one work."""
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work}


def list_of(*works: Any, total: int | None = None) -> Any:
    """The answer to a search."""
    message = {
        "facets": {},
        "total-results": len(works) if total is None else total,
        "items": list(works),
        "items-per-page": 50,
    }
    return {
        "status": "ok",
        "message-type": "work-list",
        "message-version": "1.0.0",
        "message": message,
    }
