"""manage.py audit: verify the audit log, print its head, or the rights of the server's role."""

from __future__ import annotations

import itertools
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from kapnet.core.audit.guards import in_words, lost_triggers
from kapnet.core.audit.rights import rights_of
from kapnet.core.audit.verifying import Head, HeadProblem, check_chain, head_now, other_problems

BAD_CALL = 2
"""Exit status when the call itself is wrong."""


class Command(BaseCommand):
    help = "Check that no audit event or signed letter was changed, removed, inserted or moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|head|rights")
        verify = verbs.add_parser("verify", help="follow the chain, and hash each signed letter")
        verify.add_argument("--head", metavar="SEQUENCE:HASH", help="a head noted earlier")
        verbs.add_parser("head", help="print the end of the chain, to be noted outside")
        rights = verbs.add_parser("rights", help="print SQL for the role of the server")
        rights.add_argument("role", help="the role that the server signs in to PostgreSQL with")
        rights.add_argument("--grant", action="store_true", help="run it, as the tables' owner")

    def handle(self, *, verb: str, **options: Any) -> None:
        match verb:
            case "verify":
                self._verify(options["head"])
            case "head":
                self.stdout.write(str(head_now()))
            case _:
                self._rights(options["role"], is_granted=options["grant"])

    def _rights(self, role: str, *, is_granted: bool) -> None:
        statements = rights_of(role)
        if not is_granted:
            self.stdout.write(statements)
            return
        if connection.vendor != "postgresql":
            raise CommandError("This database has no roles. Nothing was granted.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements)
        self.stdout.write(f"{role} has the rights of the server, and no more.")

    def _verify(self, noted: str | None) -> None:
        """The first thing that is wrong in the audit log, and every letter that is."""
        try:
            checked = check_chain(Head.read(noted) if noted else None)
        except HeadProblem as error:
            raise CommandError(str(error), returncode=BAD_CALL) from error
        first = [checked.problem] if checked.problem else []
        if lost := lost_triggers():
            first.insert(0, in_words(lost))
        found = 0
        for problem in itertools.chain(first, other_problems()):
            found += 1
            self.stderr.write(problem)
        self.stdout.write(f"The chain holds up to {checked.head}")
        if found:
            raise CommandError("The audit log or a letter is not what was written.", returncode=1)
        self.stdout.write("Nothing was changed, removed, inserted or moved.")
