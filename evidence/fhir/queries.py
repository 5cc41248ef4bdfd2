"""Reads the release to publish, and the notices that checks found since."""

from __future__ import annotations

from functools import lru_cache

from django.utils import timezone

from evidence.domain.entries import EvidenceBase
from evidence.fhir.published import Notice, Published
from evidence.fhir.whole import Whole
from evidence.models import Release
from evidence.queries import evidence_for, newest_stamp, published_on, stamp_of
from evidence.retractions.models import CheckOutcome, RetractionCheck
from evidence.retractions.queries import standings


def whole_of_newest(site: str) -> Whole:
    """The newest release as it is shown at this address; the project's own dossier without one."""
    return _whole(newest_stamp(), site, _newest_check())


def whole_of(name: str, site: str) -> Whole | None:
    """The release of this name; None where there is none, or its content was not kept."""
    release = Release.objects.filter(name=name).first()
    if release is None or release.content is None:
        return None
    return _whole(stamp_of(release), site, _newest_check())


def _newest_check() -> int | None:
    """What changes when a check adds something."""
    return RetractionCheck.objects.values_list("pk", flat=True).order_by("-pk").first()


@lru_cache(maxsize=4)
def _whole(stamp: str | None, site: str, newest_check: int | None) -> Whole:
    """newest_check: names the state of the checks, so that a newer one is read again."""
    evidence = evidence_for(stamp)
    published = Published(
        evidence=evidence,
        site=site,
        on=published_on(evidence.release),
        notices=_notices(evidence),
    )
    return Whole(published)


def _notices(evidence: EvidenceBase) -> dict[str, Notice]:
    """The notices that count, of sources that count."""
    counting = [one for one in evidence.sources if one.doi and not evidence.is_retracted(one.key)]
    found = {key: one.notice for key, one in standings(counting).items()}
    return {key: _notice(check) for key, check in found.items() if check}


def _notice(check: RetractionCheck) -> Notice:
    return Notice(
        outcome=check.outcome,
        label=CheckOutcome(check.outcome).label,
        words=check.notice or CheckOutcome(check.outcome).label,
        doi=check.notice_doi,
        found_on=timezone.localdate(check.checked_at),
    )
