"""The entries of a plan in a calendar: their lasting names, and what is planned no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.plan.schedule import Planned, Visit

Entries = Mapping[str, Visit]
"""Name of an entry -> its visit. A name stays with its place in the course when the day moves."""


def entries_of(planned: Planned) -> dict[str, Visit]:
    """The entries of these days: tms-1, tms-2, ketamine-1."""
    return dict((*_named("tms", planned.tms), *_named("ketamine", planned.ketamine)))


def _named(treatment: str, visits: tuple[Visit, ...]) -> Iterator[tuple[str, Visit]]:
    return ((f"{treatment}-{place}", visit) for place, visit in enumerate(visits, start=1))


def gone_after(*, gone: Entries, before: Entries, now: Entries) -> dict[str, Visit]:
    """What was planned once and is not now, as it was last planned.

    gone: what had gone already before this change.
    """
    once = {**gone, **before}
    return {name: visit for name, visit in once.items() if name not in now}
