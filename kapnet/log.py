"""The log: one line a request with the route's name. Never a path, an answer or a person's name."""

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


with without("rich"):  # which comes with the tools for development, and takes long to load
    import structlog


def configure_log() -> None:
    """Write lines of names and values to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
