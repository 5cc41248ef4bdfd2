"""Sheets for tests: the own one as it is handed out, and changed ones."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client

from decisions.decision_aid.reading import SheetView, present_sheet
from decisions.documents.decision_aid.loading import FILE, load_sheet
from decisions.rules.loading import CURRENT_EDITION, EDITIONS
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from evidence.strict_yaml import read_yaml

SHEET, PAPER = "/guide/sheet/long/", "/guide/sheet/sheet.pdf"
SHORT, SHORT_PAPER = "/guide/sheet/", "/guide/sheet/two-pages.pdf"
SPANISH, SPANISH_PAPER = "/guide/sheet/es/", "/guide/sheet/es/two-pages.pdf"
PICTURE, TAG = re.compile(r"<title>.*?</title>|<svg.*?</svg>"), re.compile(r"<[^>]*>")

IN_TIME = date(2026, 11, 30)
"""A day before the next review."""

TOO_LATE = date(2027, 5, 29)
"""The first day after it."""


def raw_sheet(change: Callable[[dict[str, Any]], object] | None = None) -> dict[str, Any]:
    """The own sheet as plain data, changed."""
    raw: Any = copy.deepcopy(read_yaml(EDITIONS / CURRENT_EDITION / FILE))
    if change is not None:
        change(raw)
    return dict(raw)


def own_view(*, today: date = IN_TIME, evidence: EvidenceBase | None = None) -> SheetView:
    """The own sheet beside this evidence, the own dossier unless told otherwise."""
    return present_sheet(load_sheet(), evidence or load_dossier(), today=today)


def cell_of(raw: dict[str, Any], topic_id: str, option: str) -> dict[str, Any]:
    """The plain data of one cell."""
    topics = [topic for table in raw["tables"] for topic in table["topics"]]
    found: dict[str, Any] = next(one for one in topics if one["id"] == topic_id)["cells"][option]
    return found


def page_of(client: Client, address: str = SHEET) -> str:
    """A page as it is sent."""
    return client.get(address).content.decode()


def words_of(client: Client, address: str = SHEET) -> str:
    """A page as it is read, without tags and pictures, in one line."""
    return " ".join(TAG.sub(" ", PICTURE.sub("", page_of(client, address))).split())
