"""Which version of the program a file is of: by the last migration of each app."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def migrations_here() -> dict[str, str]:
    """The last one of each app of the program, as it was applied here."""
    last: dict[str, str] = {}
    for app, name in sorted(_applied()):
        if _is_ours(app):
            last[app] = name
    return last


def unknown_here(said: dict[str, str]) -> list[str]:
    """Apps whose last migration this installation does not have."""
    applied = _applied()
    return sorted(app for app, name in said.items() if (app, name) not in applied)


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _is_ours(app: str) -> bool:
    path = apps.get_app_config(app).path if app in apps.app_configs else ""
    return path.startswith(str(settings.BASE_DIR)) and ".venv" not in path
