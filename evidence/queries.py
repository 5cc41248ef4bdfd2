"""Every shared read of the evidence: what decisions rest on, and what the pages list."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import CharField, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from evidence.domain import EvidenceBase
from evidence.loading import load_dossier
from evidence.models import Caution, Claim, Position, Release, Source
from evidence.rows import caution_of, claim_of, position_of, source_of

EDITED = "+edited"
"""Ends the release name of evidence that was changed past the actions of this app."""

MARK = ":"
"""Between name and hash of a stamp; no release name holds it."""


def _stamps() -> QuerySet[Release, str]:
    stamp = Concat("name", Value(MARK), "sha256", output_field=CharField())
    return Release.objects.order_by("-pk").values_list(stamp, flat=True)


def release_stamp_subquery() -> Subquery:
    """The stamp of the newest release, as an annotation of any query; NULL where there is none."""
    return Subquery(_stamps()[:1], output_field=CharField())


def newest_stamp() -> str | None:
    """Name and hash of the newest release; None where none is loaded or no database is there."""
    database = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and _is_missing(str(database)):
        return None
    try:
        return _stamps().first()
    except DatabaseError:
        if Release._meta.db_table in connection.introspection.table_names():
            raise
        return None


def _is_missing(database: str) -> bool:
    in_memory = ":memory:" in database or "mode=memory" in database
    return not in_memory and not Path(database).is_file()


def current_evidence() -> EvidenceBase:
    """The evidence of the newest release; the project's own dossier where none is loaded."""
    return evidence_for(newest_stamp())


def current_release_name() -> str:
    """The name of the newest release, or of the dossier where none is loaded."""
    stamp = newest_stamp()
    return stamp.partition(MARK)[0] if stamp else load_dossier().release


def evidence_for(stamp: str | None) -> EvidenceBase:
    """The evidence as of a stamp that was just read, kept in the process by that stamp.

    A stamp names its content, so what is kept is never wrong. Where a release came in between,
    the newest counts. Rows that were changed without a release are given as they are, under
    a name that says so.
    """
    if not stamp:
        return load_dossier()
    try:
        return _kept_evidence(stamp)
    except _StampPassedError:
        newest = newest_stamp()
        if newest and newest != stamp:
            return evidence_for(newest)
        return evidence_in_rows(stamp.partition(MARK)[0] + EDITED)


class _StampPassedError(Exception):
    """The rows are not those that the stamp names."""


@lru_cache(maxsize=2)
def _kept_evidence(stamp: str) -> EvidenceBase:
    name, _, sha256 = stamp.partition(MARK)
    evidence = evidence_in_rows(name)
    if evidence.sha256 != sha256:
        raise _StampPassedError
    return evidence


def evidence_in_rows(release: str) -> EvidenceBase:
    """All evidence as the rows say now, under a release name."""
    sources = Source.objects.prefetch_related("results")
    return EvidenceBase(
        release=release,
        sources=tuple(source_of(row) for row in sources),
        positions=tuple(position_of(row) for row in Position.objects.all()),
        cautions=tuple(caution_of(row) for row in Caution.objects.prefetch_related("citations")),
        claims=tuple(claim_of(row) for row in Claim.objects.prefetch_related("citations")),
        retracted=frozenset(row.key for row in sources if row.retracted_at),
    )


def retraction_of(key: str) -> Source | None:
    """The row of a retracted source, which tells when and why; None where it is not."""
    return Source.objects.filter(key=key, retracted_at__isnull=False).first()
