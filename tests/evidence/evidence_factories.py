"""Plain typed functions that make evidence for tests."""

from __future__ import annotations

from typing import Any

from evidence.actions import load_evidence
from evidence.domain import EvidenceBase, Kind, Result, Source, Verified
from evidence.loading import load_dossier


def make_result(**fields: Any) -> Result:
    """A proportion unless told otherwise."""
    return Result(**{"measure": "response", "arm": "TMS", "unit": "percent", **fields})


def make_source(**fields: Any) -> Source:
    """A small trial unless told otherwise."""
    usual = {
        "key": "some-2020",
        "kind": Kind.RCT,
        "title": "A trial",
        "authors": ("Some A",),
        "year": 2020,
        "verified": Verified.ABSTRACT,
    }
    return Source(**{**usual, **fields})


def with_source(evidence: EvidenceBase, key: str, **changes: Any) -> EvidenceBase:
    """The evidence with one source changed."""
    sources = tuple(
        one.model_copy(update=changes) if one.key == key else one for one in evidence.sources
    )
    return evidence.model_copy(update={"sources": sources})


def load_own_dossier() -> None:
    """The project's own evidence into the test database."""
    load_evidence(evidence=load_dossier())
