"""Queries that a database sharded by clinic can carry out, where Django's own it cannot."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


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
