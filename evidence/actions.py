"""Every write of evidence: loading the dossier, releasing, retracting."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from evidence.domain import EvidenceBase
from evidence.dossier_rows import LoadReport, load_entries
from evidence.loading import load_dossier
from evidence.models import Release, Source
from evidence.queries import evidence_in_rows


@transaction.atomic
def load_evidence(*, evidence: EvidenceBase) -> LoadReport:
    """Bring the rows up to a dossier, except those that a curator changed; release what changed."""
    report = load_entries(evidence)
    report.release = publish_release(base=evidence.release, notes=report.summary())
    return report


@transaction.atomic
def publish_release(*, base: str | None = None, notes: str) -> Release | None:
    """Name the present rows as a new release; None when they are those of the newest one.

    The first release of a dossier has the dossier's name; whatever is changed after it counts
    up: 2026-11, 2026-11.1, 2026-11.2. A name is never given twice.
    """
    newest = _locked_newest()
    evidence = evidence_in_rows("unreleased")
    if newest and newest.sha256 == evidence.sha256:
        return None
    base = base or (newest.name.partition(".")[0] if newest else load_dossier().release)
    return Release.objects.create(
        name=_next_name(base),
        sha256=evidence.sha256,
        notes=notes,
        source_count=len(evidence.sources),
        position_count=len(evidence.positions),
        caution_count=len(evidence.cautions),
        claim_count=len(evidence.claims),
    )


def _locked_newest() -> Release | None:
    """The newest release, after waiting for any other curator who is just making one."""
    list(Release.objects.select_for_update().order_by("-pk")[:1])
    return Release.objects.order_by("-pk").first()


def _next_name(base: str) -> str:
    taken = set(Release.objects.filter(name__startswith=base).values_list("name", flat=True))
    names = (base if number == 0 else f"{base}.{number}" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


@transaction.atomic
def retract_sources(*, sources: Iterable[Source], reason: str) -> Release | None:
    """From now on these sources support nothing; they stay, struck through, with the reason.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("Say why the source is retracted.")
    keys = [source.key for source in sources]
    Source.objects.filter(key__in=keys).update(
        retracted_at=timezone.now(), retraction_reason=reason.strip()
    )
    return publish_release(notes=f"Retracted: {', '.join(keys)}. {reason.strip()}")


@transaction.atomic
def restore_source(*, source: Source) -> Release | None:
    """Take a retraction back: it was recorded in error."""
    Source.objects.filter(key=source.key).update(retracted_at=None, retraction_reason="")
    return publish_release(notes=f"No longer retracted: {source.key}.")
