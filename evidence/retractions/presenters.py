"""What the page of a source says of its checks for a retraction."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.domain.entries import Source
from evidence.retractions.models import CheckOutcome, RetractionCheck
from evidence.retractions.queries import Standing, standing_of
from kapnet.core.web.days import say_day_of

ALARMING = {
    CheckOutcome.RETRACTED: "Crossref names a retraction of it",
    CheckOutcome.OTHER: "Crossref names a notice about it",
    CheckOutcome.CONCERN: "Crossref names an expression of concern about it",
}
"""What is at the head of the page, too."""

NO_DOI = "It has no DOI and cannot be looked up at Crossref. No retraction is recorded here."
NEVER = "Never looked up at Crossref for a retraction. None is recorded here."


@dataclass(frozen=True)
class CheckView:
    """The lines about its checks; the notice that counts, with its address; a heading to warn."""

    lines: tuple[str, ...]
    notice: str = ""
    notice_url: str = ""
    warning: str = ""


def present_check(source: Source) -> CheckView:
    """What the checks of a source say, in words that claim no more than they found."""
    if not source.doi:
        return CheckView((NO_DOI,))
    standing = standing_of(source)
    if standing.latest is None:
        return CheckView((NEVER,))
    return _present(standing, standing.latest)


def _present(standing: Standing, latest: RetractionCheck) -> CheckView:
    notice = standing.notice
    return CheckView(
        lines=tuple(_lines(standing, latest)),
        notice=notice.notice if notice else "",
        notice_url=f"https://doi.org/{notice.notice_doi}" if notice and notice.notice_doi else "",
        warning=ALARMING.get(CheckOutcome(notice.outcome), "") if notice else "",
    )


def _lines(standing: Standing, latest: RetractionCheck) -> list[str]:
    lines = []
    if standing.complete:
        what = "a notice was found" if standing.notice else "nothing found"
        lines.append(
            f"Checked against Crossref on {say_day_of(standing.complete.checked_at)}, {what}."
        )
    elif standing.notice:
        lines.append(f"A notice was found on {say_day_of(standing.notice.checked_at)}.")
    if not latest.is_complete:
        lines.append(
            f"On {say_day_of(latest.checked_at)} it could not be fully checked: {latest.detail}"
        )
    return lines
