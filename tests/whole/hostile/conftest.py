"""The world of the matrix, for requests that mean it harm."""

from __future__ import annotations

from tests.whole.matrix.conftest import world

__all__ = ["world"]
