"""manage.py check_retractions: what Crossref says of every source, by a file or the network."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evidence.retractions.actions import Checked, check_by_fetching, check_by_records
from evidence.retractions.crossref import Records, RecordsRefused, read_records

MOST_BYTES = 200_000_000
"""The largest file that is read."""

OFF = (
    "Fetching is off. Set RETRACTION_FETCH=true to let this program send the DOIs of its sources "
    "to Crossref, or name a file of records."
)


class Command(BaseCommand):
    help = "Look every source up in Crossref's records. Withdraws nothing: two people do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="records as JSON: one, a list, or JSON Lines"
        )
        parser.add_argument("--fetch", action="store_true", help="ask Crossref over the network")

    def handle(self, *, file: Path | None, fetch: bool, **options: Any) -> None:
        if (file is None) == (not fetch):
            raise CommandError("Name a file of records, or --fetch.")
        if fetch and not settings.RETRACTION_FETCH:
            raise CommandError(OFF)
        self._tell(check_by_records(_read(file)) if file else check_by_fetching())

    def _tell(self, checked: Checked) -> None:
        for one in checked.checks:
            words = [one.get_outcome_display().lower(), one.notice and f"({one.notice})"]
            detail = f". {one.detail}" if one.detail else ""
            self.stdout.write(f"{one.source_key}: {' '.join(filter(None, words))}{detail}")
        for key in checked.without_doi:
            self.stdout.write(f"{key}: cannot be checked this way, for it has no DOI")
        open_ones = sum(not one.is_complete for one in checked.checks)
        self.stdout.write(
            f"{len(checked.checks)} checked, {open_ones} of them not fully, "
            f"{len(checked.without_doi)} without a DOI. What follows is on the list of what is "
            "left to do; nothing was withdrawn."
        )


def _read(file: Path) -> Records:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CommandError(f"{file} is larger than {MOST_BYTES} bytes; nothing was stored.")
        return read_records(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read; nothing was stored.") from error
    except RecordsRefused as refused:
        raise CommandError(f"{file}: {refused}; nothing was stored.") from refused
