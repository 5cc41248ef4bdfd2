#!/usr/bin/env python
"""Django's command line."""

import os
import sys

DATABASE_HINT = "Start it, correct DATABASE_URL, or run script/setup"


def main() -> None:
    """Run one command; a database or a key that fails gets a sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
    try:
        from django.core.management import execute_from_command_line
        from django.db.utils import DatabaseError

        from kapnet.core.encryption.keys import DataKeyProblem, UnreadableError
    except ImportError:
        raise SystemExit("Django is not installed here. Run script/setup.") from None
    try:
        execute_from_command_line(sys.argv)
    except (DataKeyProblem, UnreadableError) as problem:
        raise SystemExit(str(problem)) from None
    except DatabaseError as problem:
        first_line = str(problem).partition("\n")[0]
        raise SystemExit(
            f"The database does not answer as it should: {first_line}. {DATABASE_HINT}."
        ) from None


if __name__ == "__main__":
    main()
