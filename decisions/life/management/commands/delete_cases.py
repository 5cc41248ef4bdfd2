"""manage.py delete_cases: delete what two people agreed to delete, as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django_scopes import scopes_disabled

from decisions.life.deleting import delete_agreed

NOT_THE_OWNER = "Run it as the owner of the tables, as migrate is. What was deleted before is gone."


class Command(BaseCommand):
    """Says which cases are gone, by clinic and number."""

    help = "Delete the closed cases whose deletion two people agreed to a week ago or earlier."

    def handle(self, **options: Any) -> None:
        """One transaction a case."""
        count = 0
        try:
            with scopes_disabled():
                for one in delete_agreed():
                    self.stdout.write(f"{one.clinic}: case {one.case_number:04d} deleted")
                    count += 1
        except ProgrammingError as problem:
            raise CommandError(NOT_THE_OWNER) from problem
        self.stdout.write(f"{count} cases deleted.")
