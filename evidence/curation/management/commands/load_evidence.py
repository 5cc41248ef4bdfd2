"""manage.py load_evidence: the project's own dossier into the database, as often as you like."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.curation.release_actions import load_evidence
from evidence.curation.seed_rows import Fate, LoadReport
from evidence.domain.entries import EvidenceBase
from evidence.domain.plausibility import odd_numbers
from evidence.loading import DossierRefused, load_dossier


class Command(BaseCommand):
    help = (
        "Load the evidence dossier. What a curator changed is left alone and named. "
        "With --verbosity 0 nothing else is said."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        try:
            evidence = load_dossier()
        except DossierRefused as refused:
            raise CommandError(str(refused)) from refused
        report = load_evidence(evidence=evidence)
        self._tell_fates(report, only_named=verbosity == 0)
        if verbosity:
            self._tell_release(report)
            self._warn(evidence)

    def _tell_fates(self, report: LoadReport, *, only_named: bool) -> None:
        for (fate, kind), names in report.names.items():
            is_named = fate in (Fate.LEFT_ALONE, Fate.GONE)
            named = f": {', '.join(names)}" if is_named else ""
            if is_named or not only_named:
                self.stdout.write(f"{fate}: {_counted(len(names), kind)}{_why(fate)}{named}")

    def _tell_release(self, report: LoadReport) -> None:
        if report.release:
            self.stdout.write(f"release {report.release.name}, sha256 {report.release.sha256}")
        else:
            self.stdout.write("no new release: the evidence is as it was")

    def _warn(self, evidence: EvidenceBase) -> None:
        for source in evidence.sources:
            for sentence in odd_numbers(source):
                self.stdout.write(f"warning: {sentence}; kept as printed")


def _why(fate: Fate) -> str:
    return " (changed by a curator)" if fate is Fate.LEFT_ALONE else ""


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}" if number == 1 else f"{number} {kind}s"
