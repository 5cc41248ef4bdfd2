"""The proof report of a released edition, kept beside it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from decisions.rules.loading import folder_of
from decisions.rules.proof.report import ProofReport

FILE = "proof.json"


class ReportMissing(ValueError):
    """There is no readable proof report; the message says how to make one."""


def path_of(edition_id: str) -> Path:
    """Where the sheet of an edition is kept."""
    return folder_of(edition_id) / FILE


def load_sheet(edition_id: str) -> ProofReport:
    """The sheet of an edition as it was kept. Raises ReportMissing."""
    try:
        return ProofReport.model_validate_json(path_of(edition_id).read_bytes())
    except (OSError, ValidationError) as error:
        raise ReportMissing(
            f"edition {edition_id} has no proof report: manage.py prove {edition_id} --write"
        ) from error


def write_sheet(sheet: ProofReport, path: Path) -> None:
    """Keeps a sheet as JSON. Raises OSError."""
    path.write_text(sheet.model_dump_json(indent=1) + "\n")
