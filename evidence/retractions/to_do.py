"""What checks for retractions leave to do: told to the list of what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.terms import EntryKind
from evidence.retractions.models import CheckOutcome, RetractionCheck
from evidence.retractions.queries import Standing, standings
from evidence.todo import ToDo, ToDoKind, months_after
from kapnet.core.web.days import say_day_of

CHECK_AFTER_MONTHS = 6
"""When a complete check is due again, in months."""

HOW = "Run manage.py check_retractions."


def retraction_checks(evidence: EvidenceBase) -> Iterator[ToDo]:
    """Notices that were found, checks that could not be made, and those that are due."""
    sources = [one for one in evidence.sources if one.doi and not evidence.is_retracted(one.key)]
    found = standings(sources)
    for source in sources:
        yield from _of_source(source, found[source.key])
    never = [one for one in found.values() if one.latest is None]
    overdue = [one for one in found.values() if _is_overdue(one, timezone.localdate())]
    if never:
        yield _due(f"{len(never)} sources: never checked for a retraction.")
    if overdue:
        yield _due(f"{len(overdue)} sources: last checked over {CHECK_AFTER_MONTHS} months ago.")


def _of_source(source: Source, standing: Standing) -> Iterator[ToDo]:
    notice, latest = standing.notice, standing.latest
    if notice and not _is_dealt_with(source, notice):
        yield _about(source, _what_to_do(notice))
    if latest and not latest.is_complete:
        day = say_day_of(latest.checked_at)
        yield _about(source, f"Could not be checked fully on {day}: {latest.detail} Repeat it.")


def _what_to_do(check: RetractionCheck) -> str:
    if check.outcome == CheckOutcome.RETRACTED:
        return f"Crossref names a retraction ({check.notice}). Read it, and withdraw the source."
    return (
        f"Crossref names a notice ({check.notice}). Read it; withdraw the source, or write into "
        "its note what the notice changes, with the DOI of the notice."
    )


def _is_dealt_with(source: Source, check: RetractionCheck) -> bool:
    """Whether a curator wrote down what a notice changes. A retraction is dealt with otherwise."""
    if check.outcome == CheckOutcome.RETRACTED or not check.notice_doi:
        return False
    return check.notice_doi in (source.note or "").lower()


def _is_overdue(standing: Standing, today: date) -> bool:
    if standing.latest is None or not standing.latest.is_complete:
        return False
    return months_after(timezone.localdate(standing.latest.checked_at), CHECK_AFTER_MONTHS) < today


def _about(source: Source, sentence: str) -> ToDo:
    return ToDo(
        kind=ToDoKind.RETRACTION_CHECK,
        entry_kind=EntryKind.SOURCE,
        key=source.key,
        label=source.label,
        sentence=sentence,
    )


def _due(sentence: str) -> ToDo:
    return ToDo(kind=ToDoKind.RETRACTION_CHECK, label="Crossref", sentence=f"{sentence} {HOW}")
