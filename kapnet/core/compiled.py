"""Queries that many requests ask: their SQL is made once, and only values are filled in.

Django makes the SQL of a query again each time, which takes longer than the database does to
answer it. A compiled query is for what is asked by nothing but its `Given` values and the clinic
in scope, which is one of them: without a scope it is refused as any other query is, and what it
reads is as fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import Query, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import mark_for_rollback_on_error
from django_scopes import get_scope, scope

Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)
CLINIC = "clinic"


class Given(Expression):
    """A value that is filled in each time the query is asked. field: of what kind it is."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(output_field=field)
        self.name = name

    @property
    def pk(self) -> Given:
        """In place of the clinic in scope: its id is the value that is given."""
        return self

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A place for the value, which takes this as its parameter until it is filled in."""
        return "%s", [self]


class _Made(NamedTuple):
    """SQL for a kind of scope, in which a `Given` marks the place of its value."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    objects: _Objects | None
    """None where it gives no models."""


class Stored(Generic[Found]):
    """Makes objects of stored values, by the names of their fields, as Django does."""

    def __init__(
        self, model: type[Found], names: Sequence[str], using: str = DEFAULT_DB_ALIAS
    ) -> None:
        self._model, self._names, self._using = model, names, using

    @cached_property
    def _is_plain(self) -> bool:
        return _is_made_as_ever(self._model)

    def of(self, values: Sequence[Any]) -> Found:
        """The object with these values."""
        if not self._is_plain:
            return self._model.from_db(self._using, self._names, values)
        found = self._model.__new__(self._model)
        vars(found).update(zip(self._names, values, strict=True))
        found._state = ModelState()
        found._state.adding, found._state.db = False, self._using
        return found


class _Objects:
    """Makes objects of rows as a queryset of models does. What is the same for all of them, Django
    finds out each time; that takes as long as the rest.
    """

    def __init__(self, compiler: SQLCompiler, using: str) -> None:
        columns, of_model = compiler.select, compiler.klass_info["select_fields"]
        self._own = slice(of_model[0], of_model[-1] + 1)
        names = [column.target.attname for column, *_ in columns[self._own]]
        self._stored: Stored[Any] = Stored(compiler.klass_info["model"], names, using)
        populators: Any = get_related_populators  # the stubs are of a later Django
        self._related = populators(compiler.klass_info, columns, using)
        self._besides = dict(compiler.annotation_col_map or {})
        expressions = [one for one, *_ in columns[: compiler.col_count]]
        self._converters = compiler.get_converters(expressions)
        self._converted = compiler.apply_converters

    def of(self, rows: Sequence[Sequence[Any]]) -> Iterator[Any]:
        """An object for each row, with what was selected beside it."""
        for row in self._converted(rows, self._converters) if self._converters else rows:
            found = self._stored.of(row[self._own])
            for related in self._related:
                related.populate(row, found)
            for name, place in self._besides.items():
                setattr(found, name, row[place])
            yield found


_MAKES = {"__init__", "from_db"}


def _is_made_as_ever(model: type[Model]) -> bool:
    """Whether nobody takes part when an object of this model is made: then it is its values."""
    classes = model.mro()
    own = [one for one in classes[: classes.index(Model)] if vars(one).keys() & _MAKES]
    return not own and not (pre_init.has_listeners(model) or post_init.has_listeners(model))


class _OfScopes:
    """What is made once for each kind of scope, when it is first asked: models may not be ready
    before.

    many: what is given as several values. `make` takes them by name, for an `in` of a field that
    is no relation, as in case__id__in. The last is repeated up to a power of two, so that few
    queries are made.
    """

    def __init__(self, make: Callable[..., Any], many: Mapping[str, Field[Any, Any]]) -> None:
        self._make = make
        self._many = many
        self._made: dict[object, _Made | None] = {}

    def _made_for(self, values: dict[str, Any]) -> _Made | None:
        """What was made for the scope of this moment; None where no row can fit.

        Every place has its value in `values` afterwards.
        """
        current = get_scope()
        clinic = current.get(CLINIC)
        several = {name: _up_to_a_power(list(values.pop(name))) for name in self._many}
        counts = {name: len(each) for name, each in several.items()}
        # Without a clinic the managers decide by the scope as it is: refuse, or ask for all.
        kind = current.get("_enabled", True), CLINIC in current, clinic is None, *counts.values()
        if kind not in self._made:
            self._made[kind] = self._made_in(current, counts)
        values |= {_place(name, n): one for name in several for n, one in enumerate(several[name])}
        values |= {} if clinic is None else {CLINIC: clinic.pk}
        return self._made[kind]

    def _made_in(self, current: Mapping[str, Any], counts: Mapping[str, int]) -> _Made | None:
        clinic = current.get(CLINIC)
        given = {} if clinic is None else {CLINIC: Given(CLINIC, clinic._meta.pk)}
        many = {
            name: [Given(_place(name, number), field) for number in range(counts[name])]
            for name, field in self._many.items()
        }
        with scope(**{**current, **given}):  # its SQL, too: joins name the clinic as it is made
            queryset, query = self._queries(many)
            compiler = query.get_compiler(using=queryset.db)
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                return None
        gives_models = queryset._iterable_class is ModelIterable and compiler.select
        objects = _Objects(compiler, queryset.db) if gives_models else None
        return _Made(queryset, compiler, sql, tuple(parameters), objects)

    def _queries(self, many: dict[str, list[Given]]) -> tuple[QuerySet[Any, Any], Query]:
        queryset = self._make(**many)
        return queryset, queryset.query


class Compiled(_OfScopes, Generic[Row]):
    """A query with `Given` values."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], **many: Field[Any, Any]) -> None:
        super().__init__(make, many)

    def first(self, **values: Any) -> Row | None:
        """The first row for these values."""
        return next(iter(self.rows(**values)), None)

    def get(self, **values: Any) -> Row:
        """The one row for these values. Raises DoesNotExist of its model."""
        for one in self.rows(**values):
            return one
        raise self._make().model.DoesNotExist

    def rows(self, **values: Any) -> list[Row]:
        """Every row for these values."""
        made = self._made_for(values)
        if made is None:
            return []
        if made.objects is None:
            return list(_asked(made, values))
        with connections[made.queryset.db].cursor() as cursor:
            cursor.execute(made.sql, _filled(made, values, "get_db_prep_value"))
            return list(made.objects.of(cursor.fetchall()))


class CompiledUpdate(_OfScopes):
    """An update with `Given` values: `make` gives which rows, and what is written into them."""

    def __init__(self, make: Callable[[], tuple[QuerySet[Any, Any], Mapping[str, Any]]]) -> None:
        super().__init__(make, {})

    def _queries(self, many: dict[str, list[Given]]) -> tuple[QuerySet[Any, Any], Query]:
        queryset, written = self._make(**many)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(written)
        return queryset, query

    def write(self, **values: Any) -> int:
        """Write into the rows for these values; how many there were."""
        made = self._made_for(values)
        if made is None:
            return 0
        using = made.queryset.db
        with mark_for_rollback_on_error(using=using), connections[using].cursor() as cursor:
            cursor.execute(made.sql, _filled(made, values, "get_db_prep_save"))
            return int(cursor.rowcount)


def _up_to_a_power(values: list[object]) -> list[object]:
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _place(name: str, number: int) -> str:
    return f"{name} {number}"


def _filled(made: _Made, values: Mapping[str, object], prepare: str) -> tuple[Any, ...]:
    connection = connections[made.queryset.db]
    return tuple(
        getattr(one.output_field, prepare)(values[one.name], connection)
        if isinstance(one, Given)
        else one
        for one in made.parameters
    )


def _asked(made: _Made, values: Mapping[str, object]) -> QuerySet[Any, Any]:
    """The query with its values in place."""
    using = made.queryset.db
    compiler = copy(made.compiler)
    compiler.connection = connections[using]  # that of this thread
    filled = _filled(made, values, "get_db_prep_value")
    compiler.as_sql = lambda *_, **__: (made.sql, filled)  # type: ignore[method-assign]
    query = copy(made.queryset.query)
    query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    asked: QuerySet[Any, Any] = QuerySet(made.queryset.model, query=query, using=using)
    asked._iterable_class = made.queryset._iterable_class
    asked._fields = made.queryset._fields  # type: ignore[attr-defined]
    return asked
