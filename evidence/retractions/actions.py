"""Checking every source for a retraction, and keeping what was found. Nothing is withdrawn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction

from evidence.domain.doi import same_doi
from evidence.models import Source
from evidence.retractions.crossref import Finding, Records, find
from evidence.retractions.fetching import fetch_finding
from evidence.retractions.models import CheckedBy, RetractionCheck
from kapnet.core.audit.actions import record_event

PAUSE_SECONDS = 1.0
"""Between two sources, so that a public service is not pressed."""


class Checked(NamedTuple):
    """The checks that were made, and the keys of sources that have no DOI to ask for."""

    checks: list[RetractionCheck]
    without_doi: list[str]


def check_by_records(records: Records) -> Checked:
    """Look every source up in records that somebody saved."""
    missing = "The file has no record of it."
    return _check(CheckedBy.FILE, lambda doi: find(doi, records, missing=missing))


def check_by_fetching(*, pause: float = PAUSE_SECONDS) -> Checked:
    """Ask Crossref about every source, one after the other."""

    def fetch(doi: str) -> Finding:
        time.sleep(pause)
        return fetch_finding(doi)

    return _check(CheckedBy.FETCH, fetch)


def _check(checked_by: str, look_up: Callable[[str], Finding]) -> Checked:
    rows = list(Source.objects.values_list("key", "doi"))
    found = [
        _check_of(key, same_doi(doi), checked_by, look_up(same_doi(doi)))
        for key, doi in rows
        if doi
    ]
    _store(found)
    return Checked(found, [key for key, doi in rows if not doi])


def _check_of(key: str, doi: str, checked_by: str, finding: Finding) -> RetractionCheck:
    notice = finding.notice
    return RetractionCheck(
        source_key=key,
        doi=doi,
        checked_by=checked_by,
        outcome=finding.outcome,
        is_complete=finding.is_complete,
        notice_type=notice.type[:60] if notice else "",
        notice_doi=notice.doi[:200] if notice else "",
        notice_on=notice.on[:10] if notice else "",
        detail=finding.detail,
    )


@transaction.atomic
def _store(checks: list[RetractionCheck]) -> None:
    RetractionCheck.objects.bulk_create(checks)
    counts = Counter(one.outcome for one in checks)
    record_event(
        action="evidence.retractions_checked",
        actor=None,
        clinic=None,
        object_type="evidence",
        reason=", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items())),
    )
