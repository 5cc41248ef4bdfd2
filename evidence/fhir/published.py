"""What of a release the resources of R5 are made from, beside its entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evidence.domain.entries import EvidenceBase


@dataclass(frozen=True)
class Notice:
    """A notice about a source that a check found and no curator has decided on.

    outcome: an Outcome of evidence.retractions. words: its kind, DOI and day.
    """

    outcome: str
    label: str
    words: str
    doi: str
    found_on: date


@dataclass(frozen=True)
class Published:
    """A release as it is published at an address. site: without a slash at its end.

    on: the day of the release, open where the project's own dossier is shown.
    notices: by the key of the source.
    """

    evidence: EvidenceBase
    site: str
    on: date | None = None
    notices: Mapping[str, Notice] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where the resources are."""
        return f"{self.site}/fhir/r5"

    @property
    def day(self) -> str:
        """The day of the release in ISO; blank where it is not known."""
        return self.on.isoformat() if self.on else ""
