"""The dossier as it would be published, with something of everything withdrawn where asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from evidence.domain.entries import EvidenceBase, Withdrawal
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.fhir.published import Notice, Published
from evidence.fhir.whole import Whole
from evidence.loading import load_dossier

SITE = "https://clinic.example"
DAY = date(2026, 12, 1)
RETRACTED, CORRECTED = "shanok-2024", "abbar-2022"
WRONG, SUPERSEDED = "esk-ich", "canmat2023-rtms-trd"


@cache
def whole() -> Whole:
    """The project's own dossier."""
    return Whole(Published(load_dossier(), SITE, DAY))


@cache
def with_withdrawals() -> Whole:
    """The same, where a study is retracted, a caution wrong, and a position superseded."""
    notice = Notice("correction", "Correction", "correction, 10.1/c, 2026", "10.1/c", DAY)
    withdrawn = _withdrawn(load_dossier())
    return Whole(Published(withdrawn, SITE, DAY, {CORRECTED: notice}))


def _withdrawn(evidence: EvidenceBase) -> EvidenceBase:
    withdrawals = [
        Withdrawal(entry=kind, key=key, withdrawn_as=how, reason=f"Because of {key}.", on=DAY)
        for kind, key, how in (
            (EntryKind.SOURCE, RETRACTED, WithdrawnAs.RETRACTED),
            (EntryKind.CAUTION, WRONG, WithdrawnAs.WRONG),
            (EntryKind.POSITION, SUPERSEDED, WithdrawnAs.SUPERSEDED),
        )
    ]
    return evidence.changed(
        withdrawals=(*evidence.withdrawals, *withdrawals),
        retracted=evidence.retracted | {RETRACTED},
    )


def resource(of: Whole, kind: str, resource_id: str) -> dict[str, Any]:
    """One resource."""
    return of.resources[kind][resource_id]


def all_of(of: Whole) -> list[dict[str, Any]]:
    """Every resource."""
    return [one for kind in of.resources.values() for one in kind.values()]


def leaves(value: Any) -> Iterator[Any]:
    """Every text and number of a resource or of an entry."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield value


def as_text(*resources: dict[str, Any]) -> str:
    """Resources as they are sent, without escapes."""
    return json.dumps(resources, ensure_ascii=False)
