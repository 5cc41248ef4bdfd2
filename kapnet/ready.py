"""What has to be there before the first request is answered."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import suppress

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, run_checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from decisions.rules.engine.edition import Fault
from decisions.rules.loading import EditionRefused, edition_ids, load_edition
from decisions.rules.reckoning import Reckoning
from evidence.loading import DossierRefused
from evidence.queries import ReleaseAlteredError, current_evidence
from kapnet.core.accounts.checks import demo_accounts_are_closed
from kapnet.core.accounts.walls.row_security import tables_without_a_wall
from kapnet.core.accounts.walls.same_clinic import keys_that_lead_anywhere
from kapnet.core.audit.guards import HINT, in_words, lost_triggers
from kapnet.core.encryption.checks import problems_of_keys
from kapnet.core.encryption.keys import NO_KEY_FITS
from kapnet.core.encryption.rotation import keys_fit
from kapnet.core.in_a_child import in_a_child
from kapnet.core.later import import_what_is_named

BUILT_FILES = (
    "kapnet.css",
    "fonts/atkinson-hyperlegible-latin-400-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-700-normal.woff2",
)
OWN_TEMPLATES = settings.BASE_DIR / "templates"
EDITION_FAULTS = frozenset(Fault)
"""What is wrong with an edition closes the pages that need it, and no other page."""

NO_DATABASE = "The database does not answer. Start it, or correct DATABASE_URL."
WITHOUT_GUIDANCE = (
    "Started without guidance: letters and evidence can be read, no question and no option is "
    "shown. Put these files back as released, and start again."
)


def stop_unless_ready() -> None:
    """End the program with a sentence when pages could not be drawn or nothing could be saved."""
    for file in BUILT_FILES:
        if not (settings.BASE_DIR / "static" / "build" / file).is_file():
            raise SystemExit(f"static/build/{file} is missing. Run script/setup to build it.")
    if getattr(staticfiles_storage, "hashed_files", None) == {}:  # DEBUG is off, and was on before
        raise SystemExit("No static files are collected. Run script/setup, or manage.py prepare.")
    if problems := problems_of_keys():
        raise SystemExit(str(problems[0].msg))
    # Workers are forked from here, and keep the editions that were read now.
    _read_editions()
    import_what_is_named()
    faults = [found for found in run_checks() if found.is_serious()]
    print_each(faults)
    if any(found.id not in EDITION_FAULTS for found in faults):
        raise SystemExit("Not started. Fix the problems above.")
    if faults:
        sys.stderr.write(f"{WITHOUT_GUIDANCE}\n")
    compile_templates()
    if problem := _told_of_migrations():
        raise SystemExit(problem)
    _note_migrated()
    try:
        fits = keys_fit()
        left_open = lets_clinics_mix()
        print_each(list(demo_accounts_are_closed(None, [DEFAULT_DB_ALIAS])))
        if not faults:
            _think_ahead()
    except DatabaseError:
        raise SystemExit(NO_DATABASE) from None
    finally:
        close_database()
    if not fits:
        raise SystemExit(NO_KEY_FITS)
    if left_open:
        raise SystemExit(
            f"The database does not keep clinics apart: {', '.join(left_open)}. "
            "Run script/setup, or manage.py migrate."
        )


def _read_editions() -> None:
    """Before most modules are imported: these fill the memory that reading took and left.

    A check says afterwards what is wrong with an edition.
    """
    with suppress(EditionRefused, DossierRefused, OSError):
        for one in edition_ids():
            load_edition(one)
    gc.collect()


def compile_templates() -> None:
    """Before workers are forked. One that cannot be compiled costs its own page, and no other."""
    for file in OWN_TEMPLATES.rglob("*.html"):
        with suppress(TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError):
            get_template(str(file.relative_to(OWN_TEMPLATES)))


def _think_ahead() -> None:
    """Workers are forked with what the first page of each would wait for: the evidence of today,
    and what the rules say under it of a case without an answer.

    An altered release is said on the pages that rest on it: all others can be shown.
    """
    with suppress(ReleaseAlteredError):
        Reckoning(current_evidence(), load_edition(), {}).all_of(acts_first=False)


def print_each(faults: list[CheckMessage]) -> None:
    """Say on standard error what is wrong."""
    for found in faults:
        sys.stderr.write(f"{found}\n")


def _told_of_migrations() -> str:
    """What a child process says: it imports two hundred modules that no page needs.

    Not where threads run, as under `runserver`: a child could wait for a lock that one of them has.
    """
    is_alone = threading.active_count() == 1
    return in_a_child(_problem_of_migrations) if is_alone else _problem_of_migrations()


def _problem_of_migrations() -> str:
    """What is wrong with the database by the migrations of the code: a sentence, or nothing."""
    try:
        if _lacks_migrations():
            return "The database is not up to date. Run script/setup, or manage.py migrate."
        lost = lost_triggers()
    except DatabaseError:
        return NO_DATABASE
    return f"{in_words(lost)} {HINT}" if lost else ""


_was_migrated = False


def is_migrated() -> bool:
    """Whether the database is as new as the code. Raises DatabaseError while it is away.

    Asked until it is so: a running process needs no later migration.
    """
    if not (_was_migrated or _lacks_migrations()):
        _note_migrated()
    return _was_migrated


def _note_migrated() -> None:
    global _was_migrated
    _was_migrated = True


def _lacks_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def lets_clinics_mix() -> list[str]:
    """What is missing where a `migrate` was ended after its last migration."""
    walls = tables_without_a_wall(connection) if connection.vendor == "postgresql" else []
    return walls + keys_that_lead_anywhere(connection)


def close_database() -> None:
    """Leave nothing open: workers are forked from here, and a pool does not survive that."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
