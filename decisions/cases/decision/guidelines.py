"""Guidelines side by side: the same table for every case, until evidence or day is another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.safestring import SafeString

from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.presenters.lists import GuidelineRow, present_positions
from kapnet.core.web.kept_parts import kept_part


@dataclass(frozen=True)
class Guidelines:
    """A row for each."""

    rows: tuple[GuidelineRow, ...]

    @cached_property
    def table(self) -> SafeString:
        """The table as the page shows it."""
        return kept_part("decisions/decision_guidelines.html", rows=self.rows)


def guidelines_in(evidence: EvidenceBase, endings: Endings) -> Guidelines:
    """Of what was kept of an earlier release. endings: of the release of today."""
    return Guidelines(tuple(present_positions(evidence, endings)))


@lru_cache(maxsize=4)
def guidelines_today(endings: Endings) -> Guidelines:
    """Of a release on a day."""
    return guidelines_in(endings.evidence, endings)
