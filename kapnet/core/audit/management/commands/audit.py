"""manage.py audit: verify the audit log, note its heads, print the rights of the server's role."""

from __future__ import annotations

import itertools
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from kapnet.core.audit.chain import INSTALLATION
from kapnet.core.audit.guards import in_words, lost_triggers
from kapnet.core.audit.models import OwedEvent
from kapnet.core.audit.noting import note_heads
from kapnet.core.audit.rights import rights_of
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.audit.verifying import Head, HeadProblem, head_of, other_problems
from kapnet.core.database import takes_no_writes

BAD_CALL = 2
"""Exit status when the call itself is wrong."""
VERIFY = ("head", "whole", "note", "at_once")


class Command(BaseCommand):
    help = "Check that no audit event or signed letter was changed, removed, inserted or moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|head|rights")
        verify = verbs.add_parser("verify", help="follow all chains, and hash each signed letter")
        verify.add_argument("--head", metavar="SEQUENCE:HASH", help="a head noted earlier")
        verify.add_argument("--whole", action="store_true", help="from the beginning of each chain")
        verify.add_argument("--note", action="store_true", help="note up to where each chain holds")
        verify.add_argument(
            "--at-once", type=int, metavar="N", help="processes, as many as processors if not said"
        )
        verbs.add_parser("head", help="note the end of each chain, and print the head of all")
        rights = verbs.add_parser("rights", help="print SQL for the role of the server")
        rights.add_argument("role", help="the role that the server signs in to PostgreSQL with")
        rights.add_argument("--grant", action="store_true", help="run it, as the tables' owner")

    def handle(self, *, verb: str, **options: Any) -> None:
        match verb:
            case "verify":
                self._verify(**{name: options[name] for name in VERIFY})
            case "head":
                self.stdout.write(str(self._note()))
            case _:
                self._rights(options["role"], is_granted=options["grant"])

    def _note(self, verified: Mapping[UUID, Head] | None = None) -> Head:
        """The head of all. A read-only database can be verified and backed up, too."""
        try:
            return note_heads(verified)
        except DatabaseError as error:
            if not takes_no_writes(error):
                raise
            self.stderr.write("No head was noted: the database is read-only.")
            return head_of(INSTALLATION)

    def _rights(self, role: str, *, is_granted: bool) -> None:
        statements = rights_of(role)
        if not is_granted:
            self.stdout.write(statements)
            return
        if connection.vendor != "postgresql":
            raise CommandError("This database has no roles. Nothing was granted.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements)
        self.stdout.write(f"{role} has the rights of the server, and no others.")

    def _verify(self, *, head: str | None, whole: bool, note: bool, at_once: int | None) -> None:
        """The first thing that is wrong with each chain, and every letter that is wrong."""
        try:
            noted = Head.read(head) if head else None
        except HeadProblem as error:
            raise CommandError(str(error), returncode=BAD_CALL) from error
        found = check_chains(noted, is_whole=whole, at_once=at_once)
        first = [in_words(lost)] if (lost := lost_triggers()) else []
        wrong = 0
        for problem in itertools.chain(first, found.problems, other_problems()):
            wrong += 1
            self.stderr.write(problem)
        if owed := OwedEvent.objects.count():
            self.stdout.write(f"{owed} events are owed: a worker records them")
        ends_at = self._note(found.verified) if note else found.head
        self.stdout.write(f"{len(found.verified)} of {len(found.chains)} chains hold")
        self.stdout.write(
            f"The chain of the installation, with the heads of all, ends at {ends_at}"
        )
        if wrong:
            raise CommandError("The audit log or a letter is not what was written.", returncode=1)
        self.stdout.write("Nothing was changed, removed, inserted or moved.")
