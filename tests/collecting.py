"""One test for many items: every item is tried, and all that fail are named together at the end.

Where thousands of items share one set-up, an item of pytest for each costs more than its check.
"""

from __future__ import annotations

import inspect
import reprlib
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.around import around_all

Test = Callable[..., None]
Ids = Callable[[Any], object] | Iterable[str]

PROBLEMS = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""What ends one item. A skip counts, too: it would leave out all items that follow."""


def for_each(
    names: str | Sequence[str],
    values: Iterable[Any] | Callable[[], Iterable[Any]],
    *,
    ids: Ids | None = None,
    undone: bool = False,
) -> Callable[[Test], Test]:
    """Run a test for each value, as `pytest.mark.parametrize` does, in one item of pytest.

    values: a function is called when the test runs, not whenever tests are collected.
    ids: names each item, or its first value, where the values themselves would be no name.
    Fixtures are made once for all items; undone: what an item writes into the database is taken
    back before the next.
    """
    parameters = [names] if isinstance(names, str) else names
    given = None if callable(values) else _rows(parameters, values)

    def decorate(test: Test) -> Test:
        tried = _taken_back(test) if undone else test

        @wraps(test)
        def of_all(*of_class: Any, **fixtures: Any) -> None:
            rows = _rows(parameters, values()) if callable(values) else given or []
            failed = []
            for name, row in ((_name(row, at, ids), row) for at, row in enumerate(rows)):
                try:
                    tried(*of_class, **fixtures, **row)
                except PROBLEMS as problem:
                    failed.append(f"{name}: {_in_words(problem)}")
            if failed:
                head = f"{len(failed)} of {len(rows)} failed:"
                pytest.fail("\n".join((head, *failed)), pytrace=False)

        # What is left for pytest to fill in with fixtures.
        signature = inspect.signature(test)
        kept = [one for name, one in signature.parameters.items() if name not in parameters]
        of_all.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return of_all

    return decorate


def _rows(parameters: Sequence[str], values: Iterable[Any]) -> list[dict[str, Any]]:
    rows = [_row(parameters, value) for value in values]
    if not rows:
        raise ValueError(f"Nothing to try: no value is given for {', '.join(parameters)}.")
    return rows


def _row(parameters: Sequence[str], value: Any) -> dict[str, Any]:
    return dict(zip(parameters, (value,) if len(parameters) == 1 else value, strict=True))


def _taken_back(test: Test) -> Test:
    def tried(*of_class: Any, **values: Any) -> None:
        with around_all():
            try:
                test(*of_class, **values)
            finally:
                transaction.set_rollback(True)

    return tried


def _name(row: dict[str, Any], place: int, ids: Ids | None) -> str:
    values = list(row.values())
    if callable(ids):
        return str(ids(values[0]))
    if ids is not None:
        return list(ids)[place]
    return ", ".join(one if isinstance(one, str) else reprlib.repr(one) for one in values)


def _in_words(problem: BaseException) -> str:
    """The kind, message and notes of a problem, and the way to where it arose, indented."""
    way = traceback.extract_tb(problem.__traceback__)[1:]
    places = " -> ".join(f"{Path(one.filename).name}:{one.lineno}" for one in way)
    words = f"{type(problem).__name__}: {problem}".strip()
    noted = getattr(problem, "__notes__", [])
    return "\n".join((words, *noted, f"at {places}")).replace("\n", "\n    ")
