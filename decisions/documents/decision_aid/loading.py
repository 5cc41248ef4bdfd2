"""The only reader of sheet.yaml: strict, and checked against the dossier."""

from __future__ import annotations

from functools import cache

from pydantic import ValidationError

from decisions.documents.decision_aid.figures import problems_of_sheet
from decisions.documents.decision_aid.sheet import Sheet
from decisions.rules.loading import CURRENT_EDITION, folder_of
from evidence.loading import load_dossier
from evidence.strict_yaml import YamlRefused, first_fault, read_yaml

FILE = "sheet.yaml"


class SheetRefused(ValueError):
    """A sheet that cannot be used; the message says where and what."""


@cache
def load_sheet(edition_id: str = CURRENT_EDITION) -> Sheet:
    """The patient's sheet of one edition.

    Raises SheetRefused for unknown or missing keys, empty cells, sources that do not exist, and
    numbers that are not what the dossier says.
    """
    try:
        raw = read_yaml(folder_of(edition_id) / FILE)
    except YamlRefused as error:
        raise SheetRefused(str(error)) from error
    return read_sheet(raw)


def read_sheet(raw: object) -> Sheet:
    """The sheet in this plain data, checked. Raises SheetRefused."""
    try:
        sheet = Sheet.model_validate(raw)
    except ValidationError as error:
        raise SheetRefused(first_fault(error, FILE)) from error
    if problems := list(problems_of_sheet(sheet, load_dossier())):
        raise SheetRefused("\n".join(f"{FILE}, {problem}" for problem in problems))
    return sheet


def sheet_version() -> str:
    """The short name of the version that is handed out now: 2026.1-1."""
    return load_sheet().version_name
