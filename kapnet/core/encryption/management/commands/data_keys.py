"""manage.py data_keys: make a key, check that the keys fit, write everything under the newest."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from kapnet.core.encryption.keys import (
    NO_KEY_FITS,
    DataKeyProblem,
    UnreadableError,
    keyring,
    make_key,
)
from kapnet.core.encryption.rotation import keys_fit, renew_everything

STOPPED = "Stopped: what was done before stays done, and nothing was lost."
NOT_THE_OWNER = f"{STOPPED} Run it as the owner of the tables, as migrate is."


class Command(BaseCommand):
    help = "Keys under which patients are kept in the database (docs/operate.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="make|check|rotate")
        verbs.add_parser("make", help="print a new key")
        verbs.add_parser("check", help="say whether the keys open what is in the database")
        verbs.add_parser("rotate", help="write everything again under the first of DATA_KEYS")

    def handle(self, *, verb: str, **options: Any) -> None:
        match verb:
            case "make":
                self.stdout.write(make_key())
            case "check":
                self._check()
            case _:
                self._rotate()

    def _check(self) -> None:
        try:
            fits = keys_fit()
        except DataKeyProblem as problem:
            raise CommandError(str(problem)) from problem
        if not fits:
            raise CommandError(NO_KEY_FITS)
        self.stdout.write("The keys open what is in the database.")

    def _rotate(self) -> None:
        try:
            self._renew()
        except (DataKeyProblem, UnreadableError) as problem:
            raise CommandError(f"{STOPPED} {problem}") from problem
        except ProgrammingError as problem:
            raise CommandError(NOT_THE_OWNER) from problem

    def _renew(self) -> None:
        """Table by table, with counts."""
        keys, total = len(keyring().index_keys), 0
        for renewed in renew_everything():
            total += renewed.values
            self.stdout.write(f"{renewed.table}: {renewed.values}")
        self.stdout.write(f"{total} values are now under the first of {keys} keys.")
        if keys > 1:
            self.stdout.write("The other keys can be taken out of DATA_KEYS.")
