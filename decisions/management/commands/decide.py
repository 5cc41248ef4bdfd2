"""manage.py decide: JSON Lines of answers in, JSON Lines of outcomes out."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from decisions.contract import LineRefused, read_line, write_outcome, write_refusal
from decisions.domain.edition import Edition
from decisions.domain.engine import decide
from decisions.explain import explain_outcome, explain_refusal
from decisions.loading import load_edition
from evidence.domain import EvidenceBase
from evidence.queries import current_evidence

BAD_LINE, BAD_CALL = 1, 2
"""Exit status when a line could not be read, and when the call itself is wrong."""


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

    def handle(self, *, file: str, retract: list[str], explain: bool, **options: Any) -> None:
        edition = load_edition()
        evidence = _evidence(frozenset(retract))
        with _opened(file) as lines:
            refused = self._answer(lines, edition, evidence, explain=explain)
        if refused:
            raise CommandError(
                f"{refused} of the lines could not be decided: see their errors",
                returncode=BAD_LINE,
            )

    def _answer(
        self, lines: Iterable[bytes], edition: Edition, evidence: EvidenceBase, *, explain: bool
    ) -> int:
        """Write one result a line as it is read; how many lines were refused."""
        refused = 0
        for line in lines:
            if not line.strip():
                continue
            try:
                case = read_line(edition.questionnaire, line)
            except LineRefused as error:
                refused += 1
                self.stdout.write(explain_refusal(error) if explain else write_refusal(error))
            else:
                outcome = decide(edition, case.answers, evidence)
                self.stdout.write(
                    explain_outcome(case, edition, outcome)
                    if explain
                    else write_outcome(case.id, outcome)
                )
        return refused


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
