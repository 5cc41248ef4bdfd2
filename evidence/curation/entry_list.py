"""The lists of entries as curators have them now: what is looked for, and how a row reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import Q, QuerySet

from evidence.curation.models import OPEN, Change
from evidence.curation.queries import open_changes
from evidence.domain.entries import Source as SourceEntry
from evidence.domain.terms import EntryKind, Kind, Verified
from evidence.models import Caution, Claim, Position, Source
from evidence.rows import MODELS, Row

WORDS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.SOURCE: ("Source", "Sources"),
    EntryKind.POSITION: ("Guideline position", "Guideline positions"),
    EntryKind.CAUTION: ("Caution", "Cautions"),
    EntryKind.CLAIM: ("Claim", "Claims"),
}
"""One and many."""

SEARCHED: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.SOURCE: ("key", "title", "short_name", "findings", "doi", "pmid"),
    EntryKind.POSITION: ("id", "organisation", "indication", "statement"),
    EntryKind.CAUTION: ("key", "condition", "why"),
    EntryKind.CLAIM: ("id", "claim", "why"),
}


class ListForm(forms.Form):
    """Words, and where an entry is on its way."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("open", "With an open change"), ("withdrawn", "Withdrawn")],
    )


@dataclass(frozen=True)
class EntryRow:
    """One entry of a list."""

    key: str
    name: str
    what: str
    state: str
    change: Change | None


def found_entries(kind: EntryKind, asked: ListForm) -> QuerySet[Row]:
    """The entries that are asked for; a field with a mistake in it asks nothing."""
    asked.is_valid()
    rows: QuerySet[Row] = MODELS[kind].objects.all()
    for word in str(asked.cleaned_data.get("words", "")).replace("\0", "").split():
        has_word = Q()
        for field in SEARCHED[kind]:
            has_word |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(has_word)
    match asked.cleaned_data.get("state"):
        case "open":
            changes = Change.objects.filter(entry_kind=kind, state__in=OPEN)
            return rows.filter(pk__in=changes.values("entry_key"))
        case "withdrawn":
            return rows.exclude(withdrawn_as="")
        case _:
            return rows


def present_entries(kind: EntryKind, rows: Iterable[Row]) -> list[EntryRow]:
    """The rows of one page of a list."""
    shown = list(rows)
    opened = {one.entry_key: one for one in open_changes(kind, [one.pk for one in shown])}
    return [_row(one, opened.get(one.pk)) for one in shown]


def _row(row: Row, change: Change | None) -> EntryRow:
    name, what = in_short(row)
    state = change.get_state_display() if change else row.get_withdrawn_as_display() or "Published"
    return EntryRow(key=row.pk, name=name, what=what, state=state, change=change)


def label_of_row(row: Source) -> str:
    """The name under which a source is cited."""
    return SourceEntry(
        key=row.key,
        kind=Kind(row.kind),
        verified=Verified(row.verified),
        short_name=row.short_name or None,
        title=row.title or None,
        authors=tuple(row.authors),
        year=row.year,
    ).label


def in_short(row: Row) -> tuple[str, str]:
    """What an entry is called on the pages of curation, and what it is."""
    match row:
        case Source():
            graded, read = row.get_certainty_display(), row.get_verified_display()
            return label_of_row(row), _joined(row.get_kind_display(), graded, read)
        case Position():
            treatment, stance = row.get_treatment_display(), row.get_stance_display()
            name = f"{row.organisation}: {row.indication}"
            return name, _joined(treatment, row.year, stance)
        case Caution():
            return row.condition, _joined(row.get_applies_to_display(), row.get_strength_display())
        case Claim():
            return f"“{row.claim}”", row.get_status_display()


def _joined(*parts: object) -> str:
    return ", ".join(str(one) for one in parts if one)
