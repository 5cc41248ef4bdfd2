"""manage.py replay: what stored cases would be told under another edition or other evidence."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions.replay.collected import Collected
from decisions.replay.differences import Differences
from decisions.replay.in_words import in_words
from decisions.replay.queries import (
    SideUnknown,
    edition_named,
    editions_in_use,
    evidence_named,
)
from decisions.replay.replay import collect, read_by_both
from decisions.replay.responsible_rules import Side, Sides
from decisions.replay.stored import stored_files
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import edition_ids
from evidence.domain.entries import EvidenceBase
from evidence.queries import current_evidence
from kapnet.core.audit.actions import record_event

BAD_CALL = 2
"""Exit status when the call itself is wrong."""
OBJECT_ID_LENGTH = 64


class Command(BaseCommand):
    help = "Tell which stored cases would be told something else, and by which rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", metavar="ID", help="an edition, or the folder of a draft")
        parser.add_argument("--evidence", metavar="RELEASE", help="a release of the evidence")
        parser.add_argument(
            "--retract",
            action="append",
            default=[],
            metavar="KEY",
            help="as if this source were retracted; may be repeated",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="one JSON object, not text"
        )

    def handle(
        self,
        *,
        edition: str | None,
        evidence: str | None,
        retract: Sequence[str],
        as_json: bool,
        **options: Any,
    ) -> None:
        if not (edition or evidence or retract):
            raise _bad_call("nothing to compare with: give --edition, --evidence or --retract")
        try:
            other = edition_named(edition) if edition else None
            after = evidence_named(evidence) if evidence else current_evidence()
        except SideUnknown as error:
            raise _bad_call(str(error)) from error
        after = _retracted(after, frozenset(retract))
        _record(other, after)
        used = editions_in_use()
        unread = [one for one in used if one not in edition_ids()]
        found = _replays([one for one in used if one not in unread], other, after)
        if as_json:
            self.stdout.write(_as_json(unread, found))
        else:
            self._tell(unread, found)

    def _tell(self, unread: Sequence[str], found: Iterable[Differences]) -> None:
        for edition in unread:
            self.stdout.write(f"Not compared: cases of edition {edition}, which is not here.\n\n")
        told = False
        for one in found:
            self.stdout.write(f"{in_words(one)}\n\n")
            told = True
        if not told:
            self.stdout.write("No case to compare.")


def _replays(
    editions: Iterable[str], other: Edition | None, after: EvidenceBase
) -> Iterator[Differences]:
    """The differences of the cases of each edition, against the other one or their own."""
    now = current_evidence()
    sides = {
        name: Sides(Side(edition_named(name), now), Side(other or edition_named(name), after))
        for name in editions
    }
    collected = {name: Collected(one) for name, one in sides.items()}
    for file in stored_files(sides, with_recorded=True):
        for name, cases in file.by_edition.items():
            for one in read_by_both(cases, sides[name]):
                collect(one, sides[name], collected[name])
    for found in collected.values():
        yield found.differences()


def _as_json(unread: Sequence[str], found: Iterable[Differences]) -> str:
    replays = [one.model_dump(mode="json") for one in found]
    return json.dumps({"editions_not_here": unread, "replays": replays})


def _retracted(evidence: EvidenceBase, keys: frozenset[str]) -> EvidenceBase:
    if unknown := sorted(key for key in keys if not evidence.has_source(key)):
        raise _bad_call(f"--retract {', '.join(unknown)}: no source has this key")
    return evidence.with_retracted(keys) if keys else evidence


def _record(other: Edition | None, after: EvidenceBase) -> None:
    """One audit event, before any answer is read: whoever may run this reads all clinics."""
    record_event(
        action="cases.replayed",
        actor=None,
        clinic=None,
        object_type="edition",
        object_id=other.id[:OBJECT_ID_LENGTH] if other else "",
        reason=f"evidence {after.release}, {len(after.retracted)} retracted",
    )


def _bad_call(problem: str) -> CommandError:
    return CommandError(problem, returncode=BAD_CALL)
