"""What the checks say of a source by now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.domain.doi import same_doi
from evidence.domain.entries import Source
from evidence.retractions.crossref import GRAVITY, Outcome
from evidence.retractions.models import CheckedBy, RetractionCheck


@dataclass
class Standing:
    """The newest check of a source, its newest complete one, and the notice that counts.

    A notice counts until one as grave is found, or Crossref itself, asked on both sides, names it
    no more. That a file does not hold it, or that a check could not be made, takes nothing away.
    """

    latest: RetractionCheck | None = None
    complete: RetractionCheck | None = None
    notice: RetractionCheck | None = None

    def add(self, check: RetractionCheck) -> None:
        """Take a newer check into account."""
        self.latest = check
        if check.is_complete:
            self.complete = check
        is_final = check.is_complete and check.checked_by == CheckedBy.FETCH
        if is_final or _gravity(check) >= max(0, _gravity(self.notice)):
            self.notice = check if _gravity(check) >= 0 else None


def _gravity(check: RetractionCheck | None) -> int:
    """From 0; -1 where no notice was found."""
    if check is None or Outcome(check.outcome) not in GRAVITY:
        return -1
    return GRAVITY.index(Outcome(check.outcome))


def standing_of(source: Source) -> Standing:
    """What the checks of this source say; those of another DOI than its present one say nothing."""
    return standings([source])[source.key]


def standings(sources: Iterable[Source]) -> dict[str, Standing]:
    """The same for many, by key: one query."""
    dois = {one.key: same_doi(one.doi or "") for one in sources}
    found = {key: Standing() for key in dois}
    checks = RetractionCheck.objects.filter(source_key__in=dois).order_by("checked_at", "pk")
    for check in checks:
        if check.doi == dois[check.source_key]:
            found[check.source_key].add(check)
    return found
