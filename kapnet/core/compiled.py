"""Queries that many requests ask: their SQL is made once, and only values are filled in.

Django makes the SQL of a query again each time, which takes longer than the database does to
answer it. A compiled query is for what is asked by nothing but its `Given` values and the clinic
in scope, which is one of them: without a scope it is refused as any other query is, and what it
reads is as fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django_scopes import get_scope, scope

Row = TypeVar("Row")
CLINIC = "clinic"


class Given(Expression):
    """A value that is filled in each time the query is asked. field: of what kind it is."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A place for the value, which takes this as its parameter until it is filled in."""
        return "%s", [self]


class _Made(NamedTuple):
    """A query with its SQL, in which a `Given` marks the place of its value."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]


class Compiled(Generic[Row]):
    """A query with `Given` values, made when it is first asked: models may not be ready before."""

    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = make
        self._made: dict[object, _Made] = {}

    def first(self, **values: object) -> Row | None:
        """The first row for these values."""
        return next(iter(self.rows(**values)), None)

    def get(self, **values: object) -> Row:
        """The one row for these values. Raises DoesNotExist of its model."""
        for one in self.rows(**values):
            return one
        raise self._make().model.DoesNotExist  # type: ignore[attr-defined]

    def rows(self, **values: object) -> list[Row]:
        """Every row for these values."""
        current = get_scope()
        clinic = current.get(CLINIC)
        # Without a clinic the managers decide by the scope as it is: refuse, or ask for all.
        kind = current.get("_enabled", True), CLINIC in current, clinic is None
        if kind not in self._made:
            self._made[kind] = self._made_in(current)
        of_clinic = {} if clinic is None else {CLINIC: clinic.pk}
        return list(_asked(self._made[kind], {**values, **of_clinic}))

    def _made_in(self, current: Mapping[str, Any]) -> _Made:
        clinic = current.get(CLINIC)
        given = {} if clinic is None else {CLINIC: Given(CLINIC, clinic._meta.pk)}
        with scope(**{**current, **given}):
            queryset = self._make()
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        return _Made(queryset, compiler, sql, tuple(parameters))


def _asked(made: _Made, values: Mapping[str, object]) -> QuerySet[Any, Any]:
    """The query with its values in place."""
    using = made.queryset.db
    compiler = copy(made.compiler)
    compiler.connection = connections[using]  # that of this thread
    filled = tuple(
        one.output_field.get_db_prep_value(values[one.name], compiler.connection)
        if isinstance(one, Given)
        else one
        for one in made.parameters
    )
    compiler.as_sql = lambda *_, **__: (made.sql, filled)  # type: ignore[method-assign]
    query = copy(made.queryset.query)
    query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    asked: QuerySet[Any, Any] = QuerySet(made.queryset.model, query=query, using=using)
    asked._iterable_class = made.queryset._iterable_class  # type: ignore[attr-defined]
    asked._fields = made.queryset._fields  # type: ignore[attr-defined]
    return asked
