"""What has to be there before the first request is answered."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kapnet.at_rest.checks import problems_of_keys
from kapnet.at_rest.keys import NO_KEY_FITS
from kapnet.at_rest.rotation import keys_fit
from kapnet.audit.guards import HINT, in_words, lost_triggers

BUILT_FILES = (
    "kapnet.css",
    "fonts/atkinson-hyperlegible-latin-400-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-700-normal.woff2",
)


def stop_unless_ready() -> None:
    """End the program with a sentence when pages could not be drawn or nothing could be saved."""
    for file in BUILT_FILES:
        if not (settings.BASE_DIR / "static" / "build" / file).is_file():
            raise SystemExit(f"static/build/{file} is missing. Run script/setup to build it.")
    if problems := problems_of_keys():
        raise SystemExit(str(problems[0].msg))
    if faults := [str(found) for found in run_checks() if found.is_serious()]:
        # Workers are forked from here, and keep the editions that were read now.
        raise SystemExit("\n".join([*faults, "Not started. Put these files back as released."]))
    try:
        missing = lacks_migrations()
        fits = missing or keys_fit()
        lost = [] if missing else lost_triggers()
    except DatabaseError:
        raise SystemExit(
            "The database does not answer. Start it, or correct DATABASE_URL."
        ) from None
    finally:
        close_database()
    if missing:
        raise SystemExit("The database is not up to date. Run script/setup, or manage.py migrate.")
    if not fits:
        raise SystemExit(NO_KEY_FITS)
    if lost:
        raise SystemExit(f"{in_words(lost)} {HINT}")


def lacks_migrations() -> bool:
    """Whether the database is older than the code. Raises DatabaseError while it is away."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def close_database() -> None:
    """Leave nothing open: workers are forked from here, and a pool does not survive that."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
