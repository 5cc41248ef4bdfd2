"""manage.py send_release_digest: mail each release, once, to everyone who asked for it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.followers.digest_actions import CannotSendError, send_due


class Command(BaseCommand):
    help = "Mail each release of the evidence, once a person, to everyone who asked for it."

    def handle(self, **options: Any) -> None:
        try:
            attempts = list(send_due())
        except CannotSendError as problem:
            raise CommandError(f"{problem} Nothing was sent.") from problem
        failed = [one for one in attempts if one.problem]
        self.stdout.write(f"{len(attempts) - len(failed)} sent.")
        for one in failed:
            self.stderr.write(f"{one.release}: {one.problem}; the next run tries again.")
        if failed:
            raise CommandError(f"{len(failed)} not sent.")
