"""Every write of evidence outside of curation: loading the dossier, and making a release."""

from __future__ import annotations

from django.db import transaction

from evidence.curation.queries import held_back
from evidence.curation.seed_rows import LoadReport, load_entries
from evidence.domain.entries import EvidenceBase
from evidence.domain.release_content import compose
from evidence.loading import load_dossier
from evidence.models import Release
from evidence.queries import evidence_in_rows, evidence_of
from evidence.search.search_index import index_if_missing
from evidence.signals import release_published
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User

UNRELEASED = "unreleased"
"""The name of evidence that has none yet."""


@transaction.atomic
def load_evidence(*, evidence: EvidenceBase) -> LoadReport:
    """Bring the rows up to a dossier, except those that a curator changed; release what changed.

    Changes of curators that are not approved yet stay out of the release.
    """
    report = load_entries(evidence)
    newest = locked_newest()
    published = evidence_of(newest) if newest else None
    report.release = make_release(
        evidence=compose(evidence_in_rows(UNRELEASED), published, held_back()),
        notes=report.summary(),
        base=evidence.release,
    )
    if newest and not report.release:
        index_if_missing(newest)
    return report


@transaction.atomic
def make_release(
    *,
    evidence: EvidenceBase,
    notes: str,
    base: str | None = None,
    author: User | None = None,
    approver: User | None = None,
) -> Release | None:
    """Give this evidence a name and a number of its own; None when it is that of the newest one.

    The first release of a dossier has the dossier's name; whatever is changed after it counts
    up: 2026-11, 2026-11.1, 2026-11.2. A name is never given twice.
    """
    newest = locked_newest()
    if newest and newest.sha256 == evidence.sha256 and newest.content is not None:
        return None
    name = _next_name(base or (newest.name.partition(".")[0] if newest else load_dossier().release))
    named = evidence.changed(release=name)
    release = Release.objects.create(
        number=newest.number + 1 if newest else 1,
        name=name,
        sha256=named.sha256,
        content=named.model_dump(mode="json"),
        notes=notes,
        author=author,
        approver=approver,
        source_count=len(named.sources),
        position_count=len(named.positions),
        caution_count=len(named.cautions),
        claim_count=len(named.claims),
    )
    record_event(
        action="evidence_release.published",
        actor=approver,
        clinic=None,
        object_type="evidence_release",
        object_id=release.pk,
        reason=release.name,
    )
    release_published.send(sender=Release, release=release)
    return release


def locked_newest() -> Release | None:
    """The newest release, after waiting for anyone who is just making one."""
    list(Release.objects.select_for_update().order_by("-number")[:1])
    return Release.objects.order_by("-number").first()


def _next_name(base: str) -> str:
    taken = set(Release.objects.filter(name__startswith=base).values_list("name", flat=True))
    names = (base if number == 0 else f"{base}.{number}" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)
