"""manage.py load_evidence: the project's own dossier into the database, as often as you like."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.actions import load_evidence
from evidence.domain import EvidenceBase
from evidence.dossier_rows import Fate, LoadReport
from evidence.loading import DossierRefused, load_dossier
from evidence.oddities import odd_numbers


class Command(BaseCommand):
    help = "Load the evidence dossier. What a curator changed is left alone and named."

    def handle(self, **options: Any) -> None:
        try:
            evidence = load_dossier()
        except DossierRefused as refused:
            raise CommandError(str(refused)) from refused
        report = load_evidence(evidence=evidence)
        self._tell(report)
        self._warn(evidence)

    def _tell(self, report: LoadReport) -> None:
        for (fate, kind), names in report.names.items():
            named = f": {', '.join(names)}" if fate in (Fate.LEFT_ALONE, Fate.GONE) else ""
            self.stdout.write(f"{fate}: {_counted(len(names), kind)}{_why(fate)}{named}")
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
