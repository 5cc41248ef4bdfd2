"""The migrations of an empty database, in a fifth of the time.

Django makes again the classes of all models that are related to one that changes. Here all of them
lead to a clinic and a person, so that each step made all of them: nine tenths of the time. A step
needs the model that it changes. A function that asks for models gets all of them, as ever; one
that is elidable, as Django calls what a new database does not need, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.utils.functional import SimpleLazyObject


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether no migration was ever run in this database."""
    return not MigrationRecorder(connection).applied_migrations()


@contextmanager
def only_what_changes() -> Iterator[None]:
    """Within it, a step of a migration makes the class of the model that it changes, and no other.

    For an empty database alone: the way that real rows go is Django's own.
    """
    from unittest.mock import patch  # a server imports this module, as Django checks `migrate`

    with (
        patch.object(ProjectState, "_find_reload_model", _itself),
        patch.object(RunPython, "database_forwards", _with_models_if_asked),
    ):
        yield


def _itself(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    state.is_delayed = True
    return {(app_label, model_name)}


def _with_models_if_asked(
    operation: Any,
    app_label: str,
    schema_editor: BaseDatabaseSchemaEditor,
    from_state: ProjectState,
    _to_state: ProjectState,
) -> None:
    if operation.elidable:  # it moves rows alone, and there are none
        return
    from_state.clear_delayed_apps_cache()
    if router.allow_migrate(schema_editor.connection.alias, app_label, **operation.hints):
        operation.code(SimpleLazyObject(lambda: from_state.apps), schema_editor)
