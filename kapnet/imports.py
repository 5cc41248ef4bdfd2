"""How packages are kept from loading what nothing here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(package: str) -> Iterator[None]:
    """What is imported here does without a package that it would use where it is installed."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # so importing it fails
    try:
        yield
    finally:
        del sys.modules[package]
