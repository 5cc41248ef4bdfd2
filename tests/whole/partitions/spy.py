"""Sees what each query of a clinic's scope reads, as PostgreSQL carried it out.

Its own auto_explain sends the plan of every statement as a notice, those of triggers and of foreign
keys as well, at once and in the thread that asked: so the scope of that moment is known.
"""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg import sql
from psycopg.errors import Diagnostic

from kapnet.core.accounts.walls import row_security
from kapnet.core.accounts.walls.row_security import EVERY, NONE, said_now
from tests.whole.partitions.partitioning import PARTITIONS

OF_A_TABLE = re.compile(r"_p(\d)$")
VALUES = re.compile(r"'[^']*'(::\w+)?|\b\d+\b")
SAID = re.compile(r"^SET LOCAL [^;]*; ")
PLAN = "plan:\n"
SHOWS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
    "auto_explain.log_nested_statements": "on",
}
PLACE = "SELECT satisfies_hash_partition('decisions_case'::regclass, %s, %s, %s::uuid)"


def beside(name: str) -> psycopg.Connection[Any]:
    """A connection to a database that is none of the app's."""
    url = urlsplit(superuser())._replace(path=f"/{name}").geturl()
    return psycopg.connect(url, autocommit=True)


def superuser() -> str:
    """Who may have plans shown; the server of tests has one of the usual name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(netloc=f"postgres@{parts.netloc.rpartition('@')[2]}").geturl()


def show_plans(superuser: psycopg.Connection[Any], database: str) -> None:
    """Let each session of a database show the plans of what it does."""
    for name, value in SHOWS.items():
        shown = sql.SQL("ALTER DATABASE {} SET {} = {}")
        setting = sql.SQL(".").join(map(sql.Identifier, name.split(".")))
        superuser.execute(shown.format(sql.Identifier(database), setting, sql.Literal(value)))


@dataclass
class Spy:
    """seen: how many statements of a clinic read a partition. faults: those that read another.

    By their text without values, so that one is named once. beside: a connection of its own.
    """

    beside: psycopg.Connection[Any]
    seen: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)

    def listen(self, connection: Any, **kwargs: Any) -> None:
        """Take the plans of a connection. A receiver of `connection_created`."""
        driver = connection.connection
        with suppress(ValueError):  # a pool hands the same one out again
            driver.remove_notice_handler(self._take)
        driver.add_notice_handler(self._take)

    def place_of(self, clinic: str) -> int:
        """The partition that has the rows of a clinic."""
        if clinic not in self._places:
            for place in range(PARTITIONS):
                [has] = self.beside.execute(PLACE, [PARTITIONS, place, clinic])
                if has[0]:
                    self._places[clinic] = place
        return self._places[clinic]

    def _take(self, notice: Diagnostic) -> None:
        try:
            self._judge(notice)
        except Exception as problem:  # the driver would pass over it
            self.faults["the spy itself"] = repr(problem)

    def _judge(self, notice: Diagnostic) -> None:
        _, is_plan, shown = str(notice.message_primary).partition(PLAN)
        clinic = said_now()
        if not is_plan or clinic in (EVERY, NONE):
            return
        found = json.loads(shown)
        nodes = list(_nodes(found["Plan"]))
        read = {node["Relation Name"] for node in nodes if _is_partition(node)}
        if not read:
            return
        self.seen += 1
        own = f"_p{self.place_of(clinic)}"
        # What PostgreSQL leaves out when it begins, by a value it looked up, no shard would know.
        is_asked = not notice.context
        left_out = is_asked and any(node.get("Subplans Removed") for node in nodes)
        if left_out or any(not name.endswith(own) for name in read):
            text = VALUES.sub("?", SAID.sub("", found["Query Text"]))
            self.faults.setdefault(text, f"{', '.join(sorted(read))}\n    {_asked_from()}")

    def leave_out_tests(self) -> None:
        """Forget what a test asked by itself."""
        self.faults = {text: read for text, read in self.faults.items() if not read.endswith(" ")}

    def said(self) -> str:
        """All faults, each with what it read and where it was asked."""
        told = (f"{text}\n    reads {read}" for text, read in self.faults.items())
        return f"{len(self.faults)} read more than one partition:\n\n" + "\n\n".join(told)


@contextmanager
def spying(name: str) -> Iterator[Spy]:
    """Let a spy listen to all connections that the app makes to the database of this name."""
    connection.close()
    with beside(name) as other:
        spy = Spy(other)
        connection_created.connect(spy.listen)
        try:
            yield spy
        finally:
            connection_created.disconnect(spy.listen)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _is_partition(node: dict[str, Any]) -> bool:
    return bool(OF_A_TABLE.search(node.get("Relation Name", "")))


def _asked_from() -> str:
    """The lines of the project that led to it."""
    root = f"{settings.BASE_DIR}/"
    places = (
        f"{one.filename.removeprefix(root)}:{one.lineno}"
        for one in traceback.extract_stack()
        if one.filename.startswith((f"{root}kapnet", f"{root}decisions", f"{root}evidence"))
        and one.filename != row_security.__file__
    )
    return " -> ".join(list(places)[-6:])
