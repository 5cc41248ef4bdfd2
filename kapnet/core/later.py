"""Functions named by where they are, so that setting up Django does not import all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

_named: dict[str, Callable[..., Any]] = {}


def later(name: str) -> Callable[..., Any]:
    """The function of this dotted name; its module is imported when it is called first.

    For what an app registers when it is ready: most commands need neither rules nor evidence.
    The same name gives the same function, which lives as long as the program: signals may hold it.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        return import_string(name)(*arguments, **named)

    call.__qualname__ = name
    return _named.setdefault(name, call)


def import_what_is_named() -> tuple[str, ...]:
    """Import all of it now, as a server does whose workers are forked. The names.

    Raises ImportError for one that is not there.
    """
    for name in _named:
        import_string(name)
    return tuple(_named)
