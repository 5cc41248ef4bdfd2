"""manage.py weigh_cases: the columns by which lists of cases are sorted, from what they rest on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_scopes import scopes_disabled

from decisions.cases.case_columns import weigh
from decisions.cases.models import Case, Urgency


class Command(BaseCommand):
    """What is right stays as it is; it goes on where it was cut off, while people work."""

    help = "Work out what comes first in lists of cases, for cases begun before this was kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one switch."""
        parser.add_argument("--all", action="store_true", dest="every", help="Every case again.")

    def handle(self, *args: Any, every: bool, **options: Any) -> None:
        """In every clinic."""
        with scopes_disabled():
            cases = Case.objects.order_by("pk")
            found = cases if every else cases.filter(urgency=Urgency.NOT_WEIGHED)
            keys = list(found.values_list("pk", flat=True))
            changed = sum(weigh(Case(pk=one)) for one in keys)
        if int(options["verbosity"]) > 0:
            self.stdout.write(f"{len(keys)} cases looked at, {changed} changed")
