"""manage.py prepare: all that a server needs of Django before it starts, in one process."""

from __future__ import annotations

import os
import time
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from kapnet.core.accounts.management.quick_migrations import is_empty
from kapnet.core.people.demo import is_harmless_here

NOT_SERVED = ["*.scss", "letter*.css"]
FOR_THE_OWNER_ALONE = 0o077
"""What a umask takes away: the file of SQLite holds answers in plain words."""


class Command(BaseCommand):
    """What is as it should be stays as it is: it can be run again, also before an update."""

    help = (
        "Bring the database up to date, load the evidence, collect the static files, and make "
        "the demo clinic where var/env is that of a local demo."
    )

    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """The steps in turn, each with its name and how long it took.

        The server checks everything before it answers. A database that holds something is not
        touched before that, either.
        """
        usual = os.umask(FOR_THE_OWNER_ALONE)
        if not is_empty(connection):
            self.check()
        self._step("database", "migrate", verbosity=0, interactive=False)
        self._step("evidence", "load_evidence", verbosity=0)
        self._step("lists of cases", "weigh_cases", verbosity=0)
        self._make_demo()
        os.umask(usual)
        if not settings.DEBUG:  # a local demo serves them from where they are
            collect = {"interactive": False, "clear": True, "ignore_patterns": NOT_SERVED}
            self._step("static files", "collectstatic", verbosity=0, **collect)

    def _make_demo(self) -> None:
        accounts = settings.VAR_DIR / "demo-accounts"
        accounts.unlink(missing_ok=True)
        if not is_harmless_here() or not (settings.VAR_DIR / "env").is_file():
            return
        said = StringIO()
        self._step("demo clinic", "create_demo", stdout=said)
        accounts.write_text(said.getvalue())

    def _step(self, name: str, command: str, **options: Any) -> None:
        started = time.monotonic()
        call_command(command, **{"stdout": self.stdout, **options})
        self.stdout.write(f"{name} ready ({time.monotonic() - started:.1f} s)")
