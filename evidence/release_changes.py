"""What each release changed against the one before it, and what changed since a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from django.urls import reverse

from evidence.domain.differences import ChangedEntry, Difference, changed_entries, entry_differences
from evidence.domain.entries import Caution, Claim, EvidenceBase, Position, Source
from evidence.domain.terms import EntryKind
from evidence.models import Release
from evidence.queries import MARK, evidence_for, kept_evidence_of, releases

WITHDRAWN = "withdrawn"
"""How an entry changed that no longer counts."""
BACK = "changed, and changed back"
"""How an entry changed that reads again as it did."""

ORDER = (WITHDRAWN, "gone", "changed", "added", BACK)
"""What a reader has to know first comes first."""


@dataclass(frozen=True)
class EntryChanges:
    """One entry between two releases: how it differs now, and the releases that touched it."""

    kind: EntryKind
    key: str
    label: str
    url: str
    how: str
    differences: tuple[Difference, ...]
    releases: tuple[Release, ...]


@dataclass(frozen=True)
class ChangesSince:
    """Everything between two releases.

    since: the release at the beginning. not_kept: releases whose content was not kept, so that
    what they changed cannot be told. is_from_the_first: nothing is earlier than the beginning.
    """

    since: Release | None
    releases: tuple[Release, ...]
    entries: tuple[EntryChanges, ...]
    not_kept: tuple[Release, ...]
    is_from_the_first: bool = False


def changed_in(release: Release) -> tuple[ChangedEntry, ...] | None:
    """What a release changed; None for the first one, and where a content was not kept."""
    earlier = releases().filter(number__lt=release.number).first()
    if earlier is None or earlier.content is None or release.content is None:
        return None
    return _between(_stamp(earlier), _stamp(release))


def how_changed(entry: ChangedEntry, evidence: EvidenceBase) -> str:
    """ "withdrawn" where a release took an entry out of account, else how it differs."""
    is_about_it = any(one.field == WITHDRAWN and one.after for one in entry.differences)
    is_out = evidence.withdrawal(entry.kind, entry.key) is not None
    return WITHDRAWN if is_about_it and is_out else entry.how


def release_before(day: date) -> Release | None:
    """The release that was in force when a day began; None before the first."""
    return releases().filter(published_at__date__lt=day).first()


def changes_since(since: Release | None) -> ChangesSince:
    """What differs between a release, or the first one, and now, entry by entry."""
    start = since or releases().last()
    if start is None:
        return ChangesSince(None, (), (), ())
    line = [start, *releases().filter(number__gt=start.number).order_by("number")]
    kept = [release for release in line if release.content is not None]
    touched: dict[tuple[EntryKind, str], list[Release]] = {}
    for before, after in pairwise(kept):
        for entry in _between(_stamp(before), _stamp(after)):
            touched.setdefault((entry.kind, entry.key), []).append(after)
    entries = _entries(kept, touched) if len(kept) > 1 else []
    return ChangesSince(
        since=start,
        releases=tuple(reversed(line[1:])),
        entries=tuple(sorted(entries, key=lambda one: ORDER.index(one.how))),
        not_kept=tuple(release for release in line if release.content is None),
        is_from_the_first=since is None,
    )


def _entries(
    kept: list[Release], touched: dict[tuple[EntryKind, str], list[Release]]
) -> Iterable[EntryChanges]:
    before, now = kept_evidence_of(kept[0]), kept_evidence_of(kept[-1])
    for (kind, key), by in touched.items():
        label, url = label_of(kind, key, now if now.entry(kind, key) else before)
        differences = entry_differences(before, now, kind, key) if now.entry(kind, key) else ()
        yield EntryChanges(
            kind=kind,
            key=key,
            label=label,
            url=url if now.entry(kind, key) else "",
            how=_how(kind, key, before, now),
            differences=differences,
            releases=tuple(reversed(by)),
        )


def _how(kind: EntryKind, key: str, before: EvidenceBase, now: EvidenceBase) -> str:
    was, entry = before.entry(kind, key), now.entry(kind, key)
    withdrawn = now.withdrawal(kind, key)
    if withdrawn and withdrawn != before.withdrawal(kind, key):
        return WITHDRAWN
    if entry is None:
        return "gone" if was else BACK
    if was is None:
        return "added"
    is_same = was == entry and withdrawn == before.withdrawal(kind, key)
    return BACK if is_same else "changed"


def label_of(kind: EntryKind, key: str, evidence: EvidenceBase) -> tuple[str, str]:
    """What a reader calls an entry, and the page where it is; its key where there is none."""
    match evidence.entry(kind, key):
        case Source() as source:
            return source.label, reverse("evidence:source", args=[key])
        case Position() as position:
            label = f"{position.organisation}: {position.indication}"
            return label, f"{reverse('evidence:positions')}#{key}"
        case Claim() as claim:
            return f"“{claim.claim}”", f"{reverse('evidence:claims')}#{key}"
        case Caution() as caution:
            return caution.condition, f"{reverse('evidence:guide')}#cautions"
        case None:
            return key, ""


def _stamp(release: Release) -> str:
    return f"{release.name}{MARK}{release.sha256}"


@lru_cache(maxsize=64)
def _between(before: str, after: str) -> tuple[ChangedEntry, ...]:
    """Kept by the stamps of both releases, which never change."""
    return tuple(changed_entries(evidence_for(before), evidence_for(after)))
