"""manage.py decide: JSON Lines of answers in, JSON Lines of outcomes out."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from decisions.cases.decision.ended import with_ended_said
from decisions.cases.json_lines import (
    CaseLine,
    LineRefused,
    read_line,
    write_outcome,
    write_refusal,
)
from decisions.cases.management.explain import explain_outcome, explain_refusal
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.changes import what_would_change
from decisions.rules.sensitivity.settled import robustness_of
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.queries import current_evidence

BAD_LINE, BAD_CALL = 1, 2
"""Exit status when a line could not be read, and when the call itself is wrong."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the call asks for, the same for every line."""

    edition: Edition
    evidence: EvidenceBase
    explain: bool
    changes: bool


class Command(BaseCommand):
    help = "Decide cases: one JSON object a line in, one result line each, in order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file of JSON Lines, or - for standard input")
        parser.add_argument(
            "--retract",
            action="append",
            default=[],
            metavar="KEY",
            help="decide as if this source were retracted; may be repeated",
        )
        parser.add_argument("--explain", action="store_true", help="readable text, not JSON")
        parser.add_argument(
            "--changes",
            action="store_true",
            help="add what would change each option's verdict: sets of one to three changes",
        )

    def handle(
        self, *, file: str, retract: list[str], explain: bool, changes: bool, **options: Any
    ) -> None:
        asked = _Asked(load_edition(), _evidence(frozenset(retract)), explain, changes)
        with _opened(file) as lines:
            refused = self._answer(lines, asked)
        if refused:
            raise CommandError(
                f"{refused} of the lines could not be decided: see their errors",
                returncode=BAD_LINE,
            )

    def _answer(self, lines: Iterable[bytes], asked: _Asked) -> int:
        """Write one result a line as it is read; how many lines were refused."""
        refused = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                case = read_line(asked.edition.questionnaire, line)
            except LineRefused as error:
                refused += 1
                write = explain_refusal if asked.explain else write_refusal
                self.stdout.write(write(error, number))
            else:
                self.stdout.write(_result(case, asked))
        return refused


def _result(case: CaseLine, asked: _Asked) -> str:
    given = asked.edition, case.answers, asked.evidence
    outcome, robustness = decide(*given), robustness_of(*given)
    changes = what_would_change(*given) if asked.changes else None
    if asked.explain:
        said = with_ended_said(outcome, asked.edition, Endings(asked.evidence, localdate()))
        return explain_outcome(case, asked.edition, said, robustness, changes)
    return write_outcome(case.id, outcome, robustness, changes)


def _evidence(retracted: frozenset[str]) -> EvidenceBase:
    evidence = current_evidence()
    if unknown := sorted(key for key in retracted if not evidence.has_source(key)):
        raise CommandError(
            f"--retract {', '.join(unknown)}: no source has this key", returncode=BAD_CALL
        )
    return evidence.with_retracted(retracted) if retracted else evidence


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except OSError as error:
        raise CommandError(
            f"{file} cannot be read: {error.strerror}", returncode=BAD_CALL
        ) from error
