"""Releases on which decisions and tasks of letters rest, where a clinic enters.

The newest release of this installation stays the one by which is decided: what comes in goes
below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Max
from pydantic import ValidationError

from decisions.cases.models import EditionRelease
from decisions.exit.reading import EnterRefused
from decisions.exit.rows import as_object
from decisions.exit.tables import EDITION, RELEASE, table
from decisions.rules.loading import edition_ids, load_edition
from evidence.models import Release
from evidence.queries import ReleaseAlteredError, evidence_of
from kapnet.core.encryption.guards import guards_off

LONGEST_NAME = 40


@dataclass
class Evidence:
    """Which rows of this installation those of the file are, by the numbers that they had."""

    releases: dict[int, int] = field(default_factory=dict)
    editions: dict[int, int] = field(default_factory=dict)

    def release(self, was: int | None) -> int | None:
        """The release here."""
        return None if was is None else self.releases.get(was, was)

    def edition(self, was: int | None) -> int | None:
        """The release of an edition here."""
        return None if was is None else self.editions.get(was, was)


def enter_evidence(lines: Iterable[Any]) -> Evidence:
    """Find each release here, or take it in. Raises EnterRefused."""
    found, missing = Evidence(), []
    for line in lines:
        label = line.get("table") if isinstance(line, dict) else None
        if label not in (RELEASE, EDITION):
            raise EnterRefused(f"The evidence has rows of {label!r}. Nothing was changed.")
        row: Any = as_object(table(label), line.get("row"))
        if label == EDITION:
            was = row.pk
            found.editions[was] = _edition(row)
        elif there := Release.objects.filter(name=row.name, sha256=row.sha256).first():
            found.releases[row.pk] = there.pk
        else:
            missing.append(row)
    for was, row in _below_the_others(missing):
        found.releases[was] = row.pk
    return found


def _below_the_others(rows: list[Any]) -> Iterator[tuple[int, Any]]:
    """Take releases in with numbers below those that are here, which are counted on for that."""
    if not rows:
        return
    shift = max(row.number for row in rows)
    newest = Release.objects.aggregate(newest=Max("number"))["newest"] or 0
    with guards_off(connection, Release._meta.db_table):
        # Twice, since a number is given once: first out of the way.
        for by in (newest + shift, -newest):
            Release.objects.update(number=F("number") + by)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # guards that go on want them checked
    for row in rows:
        _check_content(row)
        was, row.pk = row.pk, None
        if Release.objects.filter(name=row.name).exists():
            row.name = f"{row.name[: LONGEST_NAME - 11]} ({row.sha256[:8]})"
        row.save_base(raw=True, force_insert=True)
        yield was, row


def _check_content(row: Release) -> None:
    try:
        if row.content is not None:
            evidence_of(row)
    except (ReleaseAlteredError, ValidationError, ValueError):
        raise EnterRefused(
            f"Release {row.name} of the evidence is not what its hash says. Nothing was changed."
        ) from None


def _edition(row: Any) -> int:
    """The release of an edition here, which this program has to have word for word."""
    if there := EditionRelease.objects.filter(edition=row.edition).first():
        same = there.edition_sha256 == row.edition_sha256
    else:
        is_known = row.edition in edition_ids()
        same = is_known and load_edition(row.edition).sha256 == row.edition_sha256
    if not same:
        raise EnterRefused(
            f"Edition {row.edition} of this program is not the one that letters of the file rest "
            "on. Nothing was changed."
        )
    if there is None:
        there, row.pk = row, None
        row.save_base(raw=True, force_insert=True)
    return int(there.pk)
