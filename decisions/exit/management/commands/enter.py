"""manage.py enter FILE: take a clinic in that left another installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions.exit.entering import enter
from decisions.exit.reading import EnterRefused, Opened, open_archive
from kapnet.core.people.models import Clinic, Membership, Role


class Command(BaseCommand):
    """Everything of the file comes in, or nothing."""

    help = "Take a clinic in from a file, into an installation that has none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="as the manager downloaded it")
        parser.add_argument(
            "--passphrase-file",
            metavar="FILE",
            help="its first line is the passphrase; - reads it from the standard input",
        )
        parser.add_argument(
            "--check", action="store_true", help="read the whole file and change nothing"
        )

    def handle(
        self, *, file: Path, passphrase_file: str | None, check: bool, **options: Any
    ) -> None:
        try:
            passphrase = _passphrase(passphrase_file)
            with file.open("rb") as opened, open_archive(opened, passphrase) as archive:
                if check:
                    self._say(archive)
                    return
                clinic = enter(archive)
        except EnterRefused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        self._say_entered(clinic, archive)

    def _say(self, archive: Opened) -> None:
        said = archive.manifest
        self.stdout.write(
            f"{said.clinic.name}: {said.cases} cases, {len(said.files)} files, each as it was "
            "written. Nothing was changed."
        )

    def _say_entered(self, clinic: Clinic, archive: Opened) -> None:
        managers = Membership.objects.filter(
            clinic=clinic, role=Role.MANAGER, is_active=True, user__is_active=True
        ).values_list("user__email", flat=True)
        self.stdout.write(f"{clinic} is in, with {archive.manifest.cases} cases.")
        self.stdout.write(
            "Nobody has a password here yet. Managers set one by “Forgot your password?”, then "
            f"invite the others: {', '.join(sorted(managers)) or 'there is no manager'}"
        )
        self.stdout.write("Now run: manage.py audit verify")


def _passphrase(file: str | None) -> str:
    if file is None:
        return getpass("Passphrase of the file: ")
    text = sys.stdin.readline() if file == "-" else Path(file).read_text().partition("\n")[0]
    return text.rstrip("\r\n")
