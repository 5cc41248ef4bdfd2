"""The second wall around a clinic: PostgreSQL itself hides the rows of other clinics.

The first wall is django-scopes, which adds the clinic to every query. Here each table whose rows
belong to a clinic gets a policy, and each transaction says for which clinic it asks, as the scope
of the moment does. A query that forgets the clinic finds nothing; one that names another clinic, by
raw SQL or a related manager, finds nothing either. Without a scope no row is visible. The
policies bind the owner of the tables too, so that the server's own role, which is no superuser,
cannot step over them by mistake. SQLite has no such policies: there the first wall is the only one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django_scopes.state import get_scope
from psycopg.pq import TransactionStatus

from kapnet.core.people.of_a_clinic import OfAClinic

SETTING = "kapnet.clinic"
EVERY, NONE = "*", ""
"""What a connection says where scopes are off on purpose, and where there is none."""

POLICY = "rows_of_the_clinic"
SEES = "clinic_id BETWEEN kapnet_lowest_clinic() AND kapnet_highest_clinic()"
"""A range of a column is what an index can be asked for."""
SAY_WHOSE = (
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND column_name = 'clinic_id'"
)
SHOW_ALL = """
SELECT relname FROM pg_class one WHERE relnamespace = current_schema()::regnamespace
AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (
    SELECT FROM pg_policy WHERE polrelid = one.oid AND polname = %s
    AND pg_get_expr(polqual, polrelid) LIKE %s
))
"""
KEPT_APART = "%kapnet_lowest_clinic()%kapnet_highest_clinic()%"
"""In the condition of a policy of this version."""
SAY = f"SET LOCAL {SETTING} = '{{}}'"
UNSURE = "?"

# The clinic twice; for every clinic the lowest and the highest of all ids; for none, null, which
# is between nothing. PostgreSQL puts their texts in place of the calls, and estimates by them.
BOUNDS = "".join(
    f"""
CREATE OR REPLACE FUNCTION kapnet_{name}_clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE current_setting('{SETTING}', true) WHEN '{EVERY}' THEN '{bound}'::uuid
ELSE NULLIF(current_setting('{SETTING}', true), '{NONE}')::uuid END;
"""
    for name, bound in (("lowest", UUID(int=0)), ("highest", UUID(int=2**128 - 1)))
)
KEEPS_WHAT_IS_SAID = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE SAVEPOINT)\s")
RUNS_ALONE = re.compile(r"(VACUUM|CREATE DATABASE|DROP DATABASE)\s")
"""What PostgreSQL refuses within a transaction. None of it reads rows."""
NO_BOUNDS = "DROP FUNCTION IF EXISTS kapnet_lowest_clinic(), kapnet_highest_clinic()"


# What a connection says


def said_now() -> str:
    """The clinic that the scope of this moment names, as a connection says it."""
    scope = get_scope()
    if not scope.get("_enabled", True):
        return EVERY
    clinic = scope.get("clinic")
    return NONE if clinic is None else str(clinic.pk)


def listen_to_scope(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a new connection say its clinic with each query. A receiver of `connection_created`."""
    if connection.vendor != "postgresql":
        return
    connection.clinic_said = None  # type: ignore[attr-defined]
    if say_clinic not in connection.execute_wrappers:
        connection.execute_wrappers.append(say_clinic)


def say_clinic(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Say the clinic for the transaction of a query, and for no longer, then run the query.

    Nothing of a clinic stays with a connection after a transaction, so that a pool may hand it on.
    Within one the clinic is said once, and once more after a statement that may have taken it back,
    as going back to a savepoint does.
    """
    connection = context["connection"]
    driver, now = connection.connection, said_now()
    status = driver.info.transaction_status
    if status is TransactionStatus.IDLE:  # what the transaction before said has ended with it
        if driver.autocommit and RUNS_ALONE.match(str(sql)):
            return execute(sql, params, many, context)
        if driver.autocommit:
            return _run_alone(execute, sql, params, many, context)
        connection.clinic_said = None
    is_to_say = status is not TransactionStatus.INERROR and now != connection.clinic_said
    if is_to_say and not _takes_a_message(sql, many, context):
        _say(connection, now)
        is_to_say = False
    keeps = KEEPS_WHAT_IS_SAID.match(str(sql))
    if not keeps:
        connection.clinic_said = UNSURE
    if not is_to_say:
        return execute(sql, params, many, context)
    result = _run_in_a_message(execute, sql, params, many, context)
    if keeps:
        connection.clinic_said = now
    return result


def _run_alone(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a query in a transaction of its own. PostgreSQL makes one of all that a message holds."""
    if _takes_a_message(sql, many, context):
        return _run_in_a_message(execute, sql, params, many, context)
    connection = context["connection"]
    with connection.wrap_database_errors, connection.connection.transaction():
        _say(connection, said_now())
        return execute(sql, params, many, context)


def _takes_a_message(sql: object, many: bool, context: dict[str, Any]) -> bool:
    """Whether a query is one message, which has room for the clinic.

    A cursor with a name and a query for many rows take more.
    """
    is_plain = isinstance(sql, str) and not many and not hasattr(context["cursor"], "name")
    return is_plain and not settings.CLINIC_SAID_APART


def _run_in_a_message(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Say the clinic and run a query, so that saying it costs no round trip."""
    result = execute(f"{SAY.format(said_now())}; {sql}", params, many, context)
    context["cursor"].nextset()  # from what saying it returned to what the query did
    return result


def _say(connection: Any, clinic: str) -> None:
    # The driver's own error would read as a fault of ours while the database is away.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(SAY.format(clinic))
    connection.clinic_said = clinic


# The policies


def walled_models() -> Iterator[type[OfAClinic]]:
    """Every model whose rows belong to a clinic."""
    return (model for model in apps.get_models() if issubclass(model, OfAClinic))


def raise_walls(connection: BaseDatabaseWrapper) -> None:
    """Give every table whose rows belong to a clinic its policy. PostgreSQL only.

    After going back over migrations some of the tables are not there; without any, nothing is left.
    One that is there and does not say whose its rows are yet shows none.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAY_WHOSE)
        existing = {name for (name,) in cursor.fetchall()}
        walled = [one for one in walled_models() if one._meta.db_table in existing]
        cursor.execute(BOUNDS if walled else NO_BOUNDS)
        for model in walled:
            table = f'"{model._meta.db_table}"'
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
            cursor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({SEES})")


def tables_without_a_wall(connection: BaseDatabaseWrapper) -> list[str]:
    """Those of `raise_walls` that show every clinic's rows. PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW_ALL, [POLICY, KEPT_APART])
        open_ones = {name for (name,) in cursor.fetchall()}
    return sorted({one._meta.db_table for one in walled_models()} & open_ones)


def raise_walls_after_migrating(using: str, plan: Any = None, **kwargs: Any) -> None:
    """A receiver of `post_migrate`: tables that are new or changed get their policy.

    Also those of an earlier run that was ended before it came to this.
    """
    connection = connections[using]
    if connection.vendor == "postgresql" and (plan or tables_without_a_wall(connection)):
        raise_walls(connection)
