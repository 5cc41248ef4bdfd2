"""Which release a page is asked to show: today's, that of a day, or one by its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from evidence.domain.entries import EvidenceBase
from evidence.models import Release
from evidence.queries import current_evidence, kept_evidence_of, release_as_of, releases
from kapnet.core.web.days import say_day


@dataclass(frozen=True)
class Asked:
    """The evidence to show. earlier: its release, where it is not the newest. problem: why what
    was asked for is not shown, in a sentence."""

    evidence: EvidenceBase
    earlier: Release | None = None
    problem: str = ""


def asked_evidence(request: HttpRequest) -> Asked:
    """The release of `?release=NAME` or `?as_of=YYYY-MM-DD`, else the newest."""
    name, day = request.GET.get("release", ""), request.GET.get("as_of", "")
    if name and name != current_evidence().release:
        found = releases().filter(name=name[:40].replace("\0", "")).first()
        return _shown(found, f"There is no release {name[:40]}.")
    if day:
        asked = _day(day)
        if asked is None:
            return _shown(None, "That is no day. Write it as 2026-11-23.")
        return _shown(
            release_as_of(asked),
            f"There was no release on {say_day(asked)} yet.",
        )
    return Asked(current_evidence())


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _shown(release: Release | None, problem: str) -> Asked:
    if release is None:
        return Asked(current_evidence(), problem=f"{problem} The newest release is shown.")
    newest = releases().first()
    earlier = release if newest and release.pk != newest.pk else None
    if earlier and earlier.content is None:
        return Asked(
            current_evidence(),
            problem=f"The content of release {release.name} was not kept. The newest is shown.",
        )
    return Asked(kept_evidence_of(release), earlier)
