"""What Django itself can check, in one process: system checks and migrations."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import django
from django.core.management import CommandError, call_command


def failures() -> Iterator[str]:
    """What does not hold; every check runs."""
    for command, *arguments in (
        ["check"],
        ["makemigrations", "--check", "--dry-run"],
    ):
        try:
            call_command(command, *arguments)
        except (CommandError, SystemExit) as problem:
            yield f"manage.py {command}: {problem}"


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
django.setup()

if found := list(failures()):
    sys.exit("\n".join(found))
