"""manage.py second_factors renew: put the secrets of second factors under the newest SECRET_KEY."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from kapnet.core.accounts.renewing import renew_second_factors

NO_KEY_OPENS = (
    "A second factor is under a key that is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS. Put "
    "that key there and run this again. What was done before stays done."
)


class Command(BaseCommand):
    help = "Put the secrets of second factors under the newest SECRET_KEY (docs/operate.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_subparsers(dest="verb", required=True).add_parser("renew")

    def handle(self, **options: Any) -> None:
        try:
            renewed = renew_second_factors()
        except InvalidToken as problem:
            raise CommandError(NO_KEY_OPENS) from problem
        self.stdout.write(f"{renewed} secrets of second factors were put under the newest key.")
