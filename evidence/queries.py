"""Every shared read of the evidence: what decisions rest on, and what the pages list."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import CharField, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import EntryKind
from evidence.ending import Endings
from evidence.loading import DossierRefused, load_dossier
from evidence.models import Caution, Claim, Position, Release, Source
from evidence.rows import caution_of, claim_of, position_of, source_of, withdrawal_of
from kapnet.core.compiled import Compiled

EDITED = "+edited"
"""Ends the name of a release whose content was not kept, where the rows have moved on since."""

MARK = ":"
"""Between name and hash of a stamp; no release name holds it."""


def _stamps() -> QuerySet[Release, str]:
    stamp = Concat("name", Value(MARK), "sha256", output_field=CharField())
    return Release.objects.order_by("-number").values_list(stamp, flat=True)


_NEWEST = Compiled(lambda: _stamps()[:1])


def release_stamp_subquery() -> Subquery:
    """The stamp of the newest release, as an annotation of any query; NULL where there is none."""
    return Subquery(_stamps()[:1], output_field=CharField())


def newest_stamp() -> str | None:
    """Name and hash of the newest release; None where none is loaded or no database is there."""
    database = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and _is_missing(str(database)):
        return None
    try:
        return _NEWEST.first()
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


def endings_today() -> Endings:
    """The same, and what of it has ended by today."""
    return Endings(current_evidence(), timezone.localdate())


def current_release_name() -> str:
    """The name of the newest release, or of the dossier where none is loaded."""
    stamp = newest_stamp()
    return stamp.partition(MARK)[0] if stamp else load_dossier().release


def evidence_for(stamp: str | None) -> EvidenceBase:
    """The evidence of the release that a stamp names, kept in the process by that stamp.

    A release never changes, so what is kept is never wrong. Raises ReleaseAlteredError where its
    content is not what its hash says, and Release.DoesNotExist where there is no such release.
    """
    return _kept_evidence(stamp) if stamp else load_dossier()


class ReleaseAlteredError(ValueError):
    """The content of a release is not what its hash says: nothing may rest on it."""


@lru_cache(maxsize=4)
def _kept_evidence(stamp: str) -> EvidenceBase:
    name, _, sha256 = stamp.partition(MARK)
    return _kept_once(evidence_of(Release.objects.get(name=name, sha256=sha256)))


def _kept_once(released: EvidenceBase) -> EvidenceBase:
    """The dossier itself where it was released as it is: a process needs its texts once."""
    with suppress(DossierRefused):  # what was released is shown without it, too
        if released == load_dossier():
            return load_dossier()
    return released


def evidence_of(release: Release) -> EvidenceBase:
    """The whole evidence as it was released. Raises ReleaseAlteredError.

    A release made before contents were kept is read from the rows; where these have moved on,
    the name says so.
    """
    if release.content is None:
        rows = evidence_in_rows(release.name)
        return rows if rows.sha256 == release.sha256 else evidence_in_rows(release.name + EDITED)
    evidence = EvidenceBase.model_validate(release.content)
    if evidence.sha256 != release.sha256:
        raise ReleaseAlteredError(
            f"release {release.name} was altered in the database: its content does not match its "
            "hash; restore it from a backup"
        )
    return evidence


def kept_evidence_of(release: Release) -> EvidenceBase:
    """The same, kept in the process: for pages that are opened again and again."""
    return evidence_for(stamp_of(release))


def stamp_of(release: Release) -> str:
    """Name and hash of a release."""
    return f"{release.name}{MARK}{release.sha256}"


def releases() -> QuerySet[Release]:
    """Every release, the newest first, without its content."""
    return Release.objects.select_related("author", "approver")


def published_on(name: str) -> date | None:
    """The day of a release in the zone of the installation; None where it is not loaded."""
    moment = releases().filter(name=name).values_list("published_at", flat=True).first()
    return timezone.localdate(moment) if moment else None


def release_as_of(day: date) -> Release | None:
    """The release that was in force at the end of a day; None before the first."""
    return releases().filter(published_at__date__lte=day).first()


def evidence_in_rows(release: str) -> EvidenceBase:
    """All evidence as the rows say now, under a release name."""
    sources = Source.objects.prefetch_related("results")
    positions = Position.objects.all()
    cautions = Caution.objects.prefetch_related("citations")
    claims = Claim.objects.prefetch_related("citations")
    withdrawals = [
        *(withdrawal_of(EntryKind.SOURCE, row) for row in sources),
        *(withdrawal_of(EntryKind.POSITION, row) for row in positions),
        *(withdrawal_of(EntryKind.CAUTION, row) for row in cautions),
        *(withdrawal_of(EntryKind.CLAIM, row) for row in claims),
    ]
    return EvidenceBase(
        release=release,
        sources=tuple(source_of(row) for row in sources),
        positions=tuple(position_of(row) for row in positions),
        cautions=tuple(caution_of(row) for row in cautions),
        claims=tuple(claim_of(row) for row in claims),
        retracted=frozenset(row.key for row in sources if row.withdrawn_as),
        withdrawals=tuple(one for one in withdrawals if one),
    )
