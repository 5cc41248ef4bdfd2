"""What the evidence app has to know of the sheet: which sources it cites, and what stops it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from decisions.decision_aid.reading import say_block
from decisions.documents.decision_aid.figures import blocks_of, keys_of
from decisions.documents.decision_aid.loading import load_sheet
from evidence.domain.entries import EvidenceBase
from evidence.hooks import Usage
from evidence.loading import load_dossier
from evidence.todo import ToDo, ToDoKind


def sheet_citing(key: str) -> list[Usage]:
    """The patient's sheet, where it rests on this source."""
    sheet, dossier = load_sheet(), load_dossier()
    if any(key in keys_of(statement, dossier) for statement in sheet.statements()):
        return [Usage(label=sheet.title, url=reverse("sheet:sheet"), kind="patient sheet")]
    return []


def sheet_to_do(evidence: EvidenceBase) -> Iterator[ToDo]:
    """One line for each reason why the sheet cannot be printed."""
    sheet = load_sheet()
    for block in blocks_of(sheet, evidence, today=timezone.localdate()):
        yield ToDo(kind=ToDoKind.SHEET, label=sheet.title, sentence=say_block(block, sheet))
