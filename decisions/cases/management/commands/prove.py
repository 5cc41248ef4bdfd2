"""manage.py prove: proves the claims about an edition, or shows the cases that break them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from decisions.rules.engine.edition import Edition
from decisions.rules.loading import EditionRefused, edition_ids, folder_of, load_edition
from decisions.rules.proof.claims import Counterexample, Method
from decisions.rules.proof.difference_in_words import editions_in_words, kind_in_words
from decisions.rules.proof.expectations import ExpectationsRefused, load_expectations
from decisions.rules.proof.proving import SolverMissing, prove
from decisions.rules.proof.report import ProofReport, Proved
from decisions.rules.proof.reports import path_of, write_sheet
from decisions.rules.sensitivity.kept_diagrams import keep_diagram
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier

VIOLATED, BAD_CALL = 1, 2
"""Exit status when a claim does not hold, and when the call itself is wrong."""
METHODS = {
    "solver": (Method.SOLVER,),
    "exhaustion": (Method.EXHAUSTION,),
    "both": (Method.SOLVER, Method.EXHAUSTION),
}


class Command(BaseCommand):
    help = "Prove what is claimed of an edition, over every possible answer set, in two ways."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", help="the edition's id, such as 2026.1")
        parser.add_argument("--method", choices=METHODS, default="both")
        parser.add_argument(
            "--against",
            metavar="EDITION",
            help="show every kind of case that this other edition decides differently",
        )
        parser.add_argument(
            "--retract",
            action="append",
            default=[],
            metavar="KEY",
            help="as if this source were retracted; with --against in the other edition only",
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the sheet as JSON")
        parser.add_argument("--html", type=Path, metavar="FILE", help="write the sheet as HTML")
        parser.add_argument(
            "--write", action="store_true", help="keep the sheet and the diagram beside the edition"
        )

    def handle(self, *, edition: str, against: str | None, **options: Any) -> None:
        evidence = load_dossier()
        withdrawn = _without(evidence, options["retract"])
        try:
            if against is not None:
                self._compare(_edition(edition), _edition(against), evidence, withdrawn)
            else:
                self._prove(_edition(edition), withdrawn, options)
        except SolverMissing as error:
            raise CommandError(str(error), returncode=BAD_CALL) from error

    def _prove(self, edition: Edition, evidence: EvidenceBase, options: dict[str, Any]) -> None:
        try:
            expected = load_expectations(folder_of(edition.id), edition, evidence)
        except ExpectationsRefused as error:
            raise CommandError(str(error), returncode=BAD_CALL) from error
        _check_folders(options["json"], options["html"])
        sheet = prove(edition, evidence, expected, methods=METHODS[options["method"]])
        for one in sheet.proved:
            self._say(one)
        self._keep(edition, sheet, options)
        self.stdout.write(
            f"Edition {sheet.edition}, evidence {sheet.evidence_release}: "
            f"{len(sheet.proved) - len(sheet.violations)} of {len(sheet.proved)} claims hold, "
            f"{sheet.seconds:.1f} s"
        )
        if sheet.violations:
            raise CommandError("not every claim holds", returncode=VIOLATED)

    def _say(self, proved: Proved) -> None:
        took = ", ".join(f"{one.method} {one.seconds:.2f} s" for one in proved.results)
        word = "disputed" if proved.is_disputed else "holds" if proved.holds else "BROKEN"
        self.stdout.write(f"{word:8} {proved.claim.id}: {proved.claim.sentence} ({took})")
        self._show(proved.counterexamples)

    def _show(self, found: Iterable[Counterexample]) -> None:
        """Each counterexample, and its cases as lines that `manage.py decide` reads."""
        for number, one in enumerate(found, start=1):
            withdrawn = f" --retract {one.retracted}" if one.retracted else ""
            self.stdout.write(f"  {one.what}{withdrawn}")
            self._show_cases(number, one)

    def _show_cases(self, number: int, found: Counterexample) -> None:
        for which, answers in (("", found.answers), (" beside", found.beside)):
            if answers is not None:
                line = {"id": f"{number}{which}", "answers": answers}
                self.stdout.write(json.dumps(line))

    def _keep(self, edition: Edition, sheet: ProofReport, options: dict[str, Any]) -> None:
        dated = sheet.model_copy(update={"proved_on": timezone.localdate()})
        try:
            if options["write"]:
                write_sheet(dated, path_of(sheet.edition))
                keep_diagram(edition, load_dossier(), folder_of(edition.id))
            if options["json"]:
                write_sheet(dated, options["json"])
            if options["html"]:
                options["html"].write_text(
                    render_to_string("proof/document.html", {"sheet": dated})
                )
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be written: {error.strerror}", returncode=BAD_CALL
            ) from error

    def _compare(
        self, before: Edition, after: Edition, evidence: EvidenceBase, withdrawn: EvidenceBase
    ) -> None:
        try:
            from decisions.rules.proof.difference import difference
        except ImportError as error:
            raise SolverMissing("z3 is not installed: script/setup tests installs it") from error
        for line in editions_in_words(before, after):
            self.stdout.write(line)
        count = 0
        for count, found in enumerate(difference(before, evidence, after, withdrawn), start=1):
            self.stdout.write(kind_in_words(found, before, after))
            self._show_cases(count, found)
        self.stdout.write(f"{count} kinds of case are decided differently")


def _check_folders(*files: Path | None) -> None:
    """A proof takes a while: a folder that is not there is named before it."""
    for file in files:
        if file is not None and not file.parent.is_dir():
            raise CommandError(
                f"{file} cannot be written: there is no folder {file.parent}", returncode=BAD_CALL
            )


def _edition(edition_id: str) -> Edition:
    if edition_id not in edition_ids():
        raise CommandError(f"there is no edition {edition_id}", returncode=BAD_CALL)
    try:
        return load_edition(edition_id)
    except EditionRefused as error:
        raise CommandError(str(error), returncode=BAD_CALL) from error


def _without(evidence: EvidenceBase, keys: list[str]) -> EvidenceBase:
    if unknown := sorted(key for key in keys if not evidence.has_source(key)):
        raise CommandError(
            f"--retract {', '.join(unknown)}: no source has this key", returncode=BAD_CALL
        )
    return evidence.with_retracted(frozenset(keys)) if keys else evidence
