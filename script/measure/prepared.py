"""Brings a database to where it is measured, and collects the static files, in one process."""

from __future__ import annotations

import django
from django.core.management import call_command

COMMANDS = (
    ("collectstatic", "--noinput", "--verbosity", "0"),
    ("migrate", "--verbosity", "0"),
    ("load_evidence",),
    ("create_demo", "--yes-create-demo-accounts"),
)

if __name__ == "__main__":
    django.setup()
    for command in COMMANDS:
        call_command(*command)
