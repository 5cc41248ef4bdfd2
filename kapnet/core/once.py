"""What the parts of one page ask again and again is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
Found = TypeVar("Found")

_FOUND: ContextVar[dict[Any, Any] | None] = ContextVar("found", default=None)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Within it, as while a page is only read, what was found once is found again."""
    before = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(before)


def once_a_read(ask: Callable[P, Found]) -> Callable[P, Found]:
    """A question that is asked once where nothing changes, and each time anywhere else."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Found:
        found = _FOUND.get()
        if found is None:
            return ask(*args, **kwargs)
        key = ask, args, tuple(sorted(kwargs.items()))
        if key not in found:
            found[key] = ask(*args, **kwargs)
        answer: Found = found[key]
        return answer

    return asked
