"""Make the demo clinics and accounts, and say how to sign in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kapnet.core.directory.demo import make_demo_directory
from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE, is_harmless_here, make_demo

BY_NAME = "--yes-create-demo-accounts"


class Command(BaseCommand):
    """Accounts with a known password: on a local demo, elsewhere only when asked for by name."""

    help = "Make the demo clinics and accounts (known passwords: for a local demo only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one switch."""
        parser.add_argument(BY_NAME, action="store_true", dest="asked_by_name")

    def handle(self, *args: Any, asked_by_name: bool, **options: Any) -> None:
        """Refuse where real people may work, else make the accounts and print them."""
        if not is_harmless_here() and not asked_by_name:
            raise CommandError(
                "Demo accounts have a known password. They are made only with DEBUG on and on "
                f"SQLite. To make them here all the same, add {BY_NAME}."
            )
        make_demo()
        make_demo_directory()
        for person in DEMO_PEOPLE:
            self.stdout.write(f"  {person.email:<26} {DEMO_PASSWORD}   {person.does}")
