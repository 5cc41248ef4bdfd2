"""Queries that a database sharded by clinic needs, where Django's own do not fit it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import IntegerField, Model, QuerySet, Subquery

Row = TypeVar("Row", bound=Model)


class CountOf(Subquery):
    """How many of these rows there are; they name the outer one by `OuterRef`.

    A count over a join groups whole rows by their id, which is no key there without the clinic.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk"))


def remove(rows: QuerySet[Any]) -> None:
    """Delete rows on which nothing hangs any more, by one query that names the clinic as they do.

    Django reads them first and deletes by their ids alone. The database still refuses what a key
    leads to.
    """
    rows._raw_delete(rows.db)


def the_only(rows: QuerySet[Row]) -> Row | None:
    """The row that has a random value, looked for in every clinic; none where two have it.

    Such a value is unique within a clinic alone: what it leads to must not depend on which row
    comes first.
    """
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
