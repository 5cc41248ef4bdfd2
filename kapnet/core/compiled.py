"""Queries that every request asks: their SQL is made once, and only values are filled in.

Django makes the SQL of a query again each time, which takes longer than the database does to
answer it. A compiled query is for what is asked by nothing but its `Given` values: it knows no
scope of a clinic, and what it reads is as fresh as that of any other query.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """A value that is filled in each time the query is asked. field: of what kind it is."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A place for the value, which takes this as its parameter until it is filled in."""
        return "%s", [self]


class Compiled(Generic[Row]):
    """A query with `Given` values, made when it is first asked: models may not be ready before."""

    def __init__(self, make: Callable[[], QuerySet[Row]]) -> None:
        self._make = make

    def first(self, **values: object) -> Row | None:
        """The first row for these values."""
        return next(iter(self._asked_with(values)), None)

    @cached_property
    def _queryset(self) -> QuerySet[Row]:
        return self._make()

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters)

    def _asked_with(self, values: dict[str, object]) -> QuerySet[Row]:
        compiled, sql, parameters = self._compiled
        using = self._queryset.db
        compiler = copy(compiled)
        compiler.connection = connections[using]  # that of this thread
        filled = tuple(
            one.output_field.get_db_prep_value(values[one.name], compiler.connection)
            if isinstance(one, Given)
            else one
            for one in parameters
        )
        compiler.as_sql = lambda *_, **__: (sql, filled)  # type: ignore[method-assign]
        query = copy(self._queryset.query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return QuerySet(self._queryset.model, query=query, using=using)
