"""Turns tables into hash partitions by clinic, as they would lie on the shards of Citus.

From PostgreSQL's catalogue alone, on a database whose tables are empty. Keys and unique rules get
the clinic in front, foreign keys between two such tables as well; triggers, policies and rights
stay. PostgreSQL 15 knows no identity column on partitions: a sequence counts in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

PARTITIONS = 4
COLUMNS = re.compile(r"\(([^()]*)\)")
IDENTITIES = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attidentity <> '' AND NOT attisdropped
"""
CAN_BE_EMPTY = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attnotnull
"""
RULES = """
SELECT conname AS name, pg_get_constraintdef(oid) AS rule FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('p', 'u') ORDER BY contype, conname
"""
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made, indisunique AS only
FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (
  SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""
TRIGGERS = """
SELECT pg_get_triggerdef(oid) AS made FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal
"""
POLICIES = """
SELECT policyname AS name, cmd, qual, with_check FROM pg_policies
WHERE schemaname = 'public' AND tablename = %s
"""
RIGHTS = """
SELECT grantee::regrole::text AS role, string_agg(privilege_type, ', ') AS rights
FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = %s::regclass GROUP BY grantee
"""
KEYS = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, conname AS name,
  pg_get_constraintdef(oid) AS rule
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 ORDER BY 1, 3
"""


class Key(NamedTuple):
    """A foreign key. rule: its definition."""

    child: str
    parent: str
    name: str
    rule: str


def partition(database: psycopg.Connection[Any], tables: Mapping[str, str]) -> None:
    """Partition each of these tables by its column of the clinic. Their owner asks."""
    keys = [Key(*one) for one in database.execute(KEYS) if {one[0], one[1]} & tables.keys()]
    for key in keys:
        _run(database, f'ALTER TABLE {key.child} DROP CONSTRAINT "{key.name}"')
    for table, by in sorted(tables.items()):
        _partition(database, table, by)
    made: set[tuple[str, str]] = set()
    for key in keys:
        rule = with_clinic(key, tables)
        if (key.child, rule) not in made:
            _run(database, f'ALTER TABLE {key.child} ADD CONSTRAINT "{key.name}" {rule}')
            made.add((key.child, rule))


def with_clinic(key: Key, tables: Mapping[str, str]) -> str:
    """The rule of a foreign key; between two of the tables it says the clinic on both sides."""
    if key.parent not in tables:
        return key.rule
    if key.child not in tables:
        raise ValueError(f"{key.child} leads to a row of a clinic and says no clinic itself.")
    ends = iter((tables[key.child], tables[key.parent]))
    return COLUMNS.sub(lambda found: f"({_in_front(found[1], next(ends))})", key.rule, count=2)


def _in_front(columns: str, by: str) -> str:
    return columns if by in columns.split(", ") else f"{by}, {columns}"


def _partition(database: psycopg.Connection[Any], table: str, by: str) -> None:
    asked = (CAN_BE_EMPTY, IDENTITIES, RULES, INDEXES, TRIGGERS, POLICIES, RIGHTS)
    found = (_rows(database, one, table) for one in asked)
    empty, identities, rules, indexes, triggers, policies, rights = found
    like = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE"
    whole = f"CREATE TABLE {table}_whole (LIKE {table} {like}) PARTITION BY HASH ({by})"
    _run(database, whole)
    _run(database, f"DROP TABLE {table}")
    _run(database, f"ALTER TABLE {table}_whole RENAME TO {table}")
    for place in range(PARTITIONS):
        values = f"WITH (MODULUS {PARTITIONS}, REMAINDER {place})"
        _run(database, f"CREATE TABLE {table}_p{place} PARTITION OF {table} FOR VALUES {values}")
    for one in identities:
        sequence = f"{table}_{one.attname}_seq"
        _run(database, f"CREATE SEQUENCE {sequence} OWNED BY {table}.{one.attname}")
        counted = f"ALTER COLUMN {one.attname} SET DEFAULT nextval('{sequence}')"
        _run(database, f"ALTER TABLE {table} {counted}")
    for one in rules:
        rule = COLUMNS.sub(lambda found: f"({_in_front(found[1], by)})", one.rule, count=1)
        if by in {column.attname for column in empty}:  # an event of no clinic
            rule = rule.replace("PRIMARY KEY", "UNIQUE")
        _run(database, f'ALTER TABLE {table} ADD CONSTRAINT "{one.name}" {rule}')
    _run_all(database, (_index(one.made, by, is_unique=one.only) for one in indexes))
    _run_all(database, (one.made for one in triggers))
    for one in policies:
        checked = f" WITH CHECK ({one.with_check})" if one.with_check else ""
        shown = f" USING ({one.qual})" if one.qual else ""
        _run(database, f"CREATE POLICY {one.name} ON {table} FOR {one.cmd}{shown}{checked}")
    if policies:
        walls = "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        _run(database, f"ALTER TABLE {table} {walls}")
    if rights:
        _run(database, f"REVOKE ALL ON {table} FROM CURRENT_USER")
    for one in rights:
        _run(database, f"GRANT {one.rights} ON {table} TO {one.role}")


def _rows(database: psycopg.Connection[Any], question: LiteralString, table: str) -> list[Any]:
    with database.cursor(row_factory=namedtuple_row) as cursor:
        return list(cursor.execute(question, [table]))


def _index(made: str, by: str, *, is_unique: bool) -> str:
    """The index of the whole table; a unique one with the clinic."""
    start = made.index("(") + 1
    if not is_unique or by in made[start:]:
        return made
    return f"{made[:start]}{by}, {made[start:]}"


def _run_all(database: psycopg.Connection[Any], statements: Iterable[str]) -> None:
    for one in statements:
        _run(database, one)


def _run(database: psycopg.Connection[Any], statement: str) -> None:
    database.execute(sql.SQL(statement))  # from the catalogue alone
