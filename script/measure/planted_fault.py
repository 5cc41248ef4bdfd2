"""One fault that is put into the app on purpose."""

from __future__ import annotations

from typing import NamedTuple


class Planted(NamedTuple):
    """A fault: what is once in a file becomes something else.

    tests: who must find it; rows: those of docs/security.md that it is for.
    """

    name: str
    file: str
    old: str
    new: str
    tests: str
    rows: str = ""
