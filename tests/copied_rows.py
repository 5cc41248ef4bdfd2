"""Rows read from the test database once, and put back into an empty one many times."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import DateTimeField, Model
from django.utils import timezone


class Rows(NamedTuple):
    """All rows of one table, as the database gives them."""

    model: type[Model]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def rows_of_app(label: str) -> list[Rows]:
    """Every row of an app's tables."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            columns = tuple(str(field.column) for field in model._meta.concrete_fields)
            table = _quoted(model._meta.db_table)
            cursor.execute(f"SELECT {_named(columns)} FROM {table}")  # noqa: S608, names of tables
            found.append(Rows(model, columns, cursor.fetchall()))
    return found


def put_rows(copied: list[Rows]) -> None:
    """Insert them into tables that are empty, as if written now. New rows count on from theirs."""
    with transaction.atomic(), connection.cursor() as cursor:
        for one in copied:
            places = ", ".join(["%s"] * len(one.columns))
            table, columns = _quoted(one.model._meta.db_table), _named(one.columns)
            insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
            cursor.executemany(insert, _as_of_now(one))
        models = [one.model for one in copied]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _as_of_now(copied: Rows) -> list[list[Any]]:
    """The rows with every time set to this moment, which a test may have moved."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    times = [isinstance(one, DateTimeField) for one in copied.model._meta.concrete_fields]
    return [
        [now if is_time and value else value for is_time, value in zip(times, row, strict=True)]
        for row in copied.rows
    ]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _named(columns: tuple[str, ...]) -> str:
    return ", ".join(map(_quoted, columns))
