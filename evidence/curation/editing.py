"""An entry on its form: its sections, and the entry that was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db import transaction
from pydantic import ValidationError

from evidence.curation.actions import CurationRefused, Overtaken, save_entry
from evidence.curation.entry_forms import (
    CautionForm,
    ClaimForm,
    CuratedForm,
    PositionForm,
    SourceForm,
)
from evidence.curation.models import Change
from evidence.curation.number_forms import AS_PRINTED, BaseNumbers, NumberForm, Numbers
from evidence.curation.queries import locked_change
from evidence.curation.seed_rows import SHELVES
from evidence.domain import entries as domain
from evidence.domain.release_content import name_of
from evidence.domain.terms import EntryKind
from evidence.presenters.differences import field_words
from evidence.rows import MODELS, Row, fingerprint
from kapnet.core.people.models import User

FORMS: Mapping[EntryKind, type[CuratedForm]] = {
    EntryKind.SOURCE: SourceForm,
    EntryKind.POSITION: PositionForm,
    EntryKind.CAUTION: CautionForm,
    EntryKind.CLAIM: ClaimForm,
}
ENTRIES: Mapping[EntryKind, type[domain.Entry]] = {
    EntryKind.SOURCE: domain.Source,
    EntryKind.POSITION: domain.Position,
    EntryKind.CAUTION: domain.Caution,
    EntryKind.CLAIM: domain.Claim,
}
OF_THE_CHANGE = ("reason", "was_read", AS_PRINTED)
"""The fields that speak of the change and not of the entry."""

NUMBERS = "numbers"
SECTIONS: Mapping[EntryKind, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    EntryKind.SOURCE: {
        "reference": (
            "The reference",
            (
                *("key", "kind", "short_name", "title", "authors", "year", "journal", "volume"),
                *("issue", "pages", "doi", "pmid", "pmcid", "url"),
            ),
        ),
        "studied": ("What was studied", ("population", "n", "intervention", "comparator")),
        "found": (
            "What came out",
            ("findings", "adverse_events", "limitations", "bears_on"),
        ),
        NUMBERS: ("Numbers as printed", ()),
        "trust": (
            "How much to trust it",
            (
                *("certainty", "certainty_why", "certainty_reasons", "verified", "checked_at"),
                *("funding", "conflicts", "includes_tms_responders", "review_by", "valid_until"),
                *("doubts", "note"),
            ),
        ),
    },
    EntryKind.POSITION: {
        "guideline": ("The guideline", ("id", "guideline", "organisation", "year")),
        "says": (
            "What it says",
            (
                *("treatment", "indication", "stance", "line", "level_of_evidence", "grade"),
                "statement",
            ),
        ),
        "trust": ("How far it was read", ("verified", "checked_at")),
    },
    EntryKind.CAUTION: {
        "caution": (
            "The caution",
            ("key", "applies_to", "strength", "condition", "why", "sources"),
        ),
        "trust": ("How far it was read", ("verified", "valid_until")),
    },
    EntryKind.CLAIM: {
        "claim": ("The claim", ("id", "source", "claim", "status", "why", "evidence")),
    },
}
"""By kind and name: the heading of a section, and its fields."""


class EntryMoved(Overtaken):
    """Somebody saved the entry since its form was opened."""


@dataclass(frozen=True)
class Section:
    """A part of the form. what: its fields in words. is_open: shown without asking."""

    name: str
    title: str
    what: str
    fields: tuple[forms.BoundField, ...]
    is_open: bool

    @property
    def has_numbers(self) -> bool:
        """Whether the numbers of a source are in it."""
        return self.name == NUMBERS


class EntryOnForm:
    """An entry, or a new one, with what somebody typed.

    before: the entry as curators have it now; None for a new one.
    """

    def __init__(self, kind: EntryKind, row: Row | None, data: Any = None) -> None:
        self.kind, self.row = kind, row
        self.before = SHELVES[kind].read(row) if row else None
        said = self.before.model_dump(mode="json") if self.before else {}
        cited = {name: said[name] for name in ("sources", "evidence") if name in said}
        self.form = FORMS[kind](data, instance=row, initial=cited)
        self.numbers: BaseNumbers | None = None
        if kind is EntryKind.SOURCE:
            self.numbers = cast("BaseNumbers", Numbers(data, before=self.before))  # type: ignore[call-arg]
        self.entry: domain.Entry | None = None

    def is_valid(self) -> bool:
        """Whether it is an entry; if not, the forms say what is wrong."""
        are_valid = [self.form.is_valid(), self.numbers is None or self.numbers.is_valid()]
        if all(are_valid):
            self._build()
        return self.entry is not None

    def _build(self) -> None:
        model = ENTRIES[self.kind]
        try:
            self.entry = model.model_validate(dict(self._typed(model)))
        except ValidationError as problem:
            for one in problem.errors(include_url=False):
                name = str(one["loc"][0]) if one["loc"] else ""
                place = name if name in self.form.fields else None
                self.form.add_error(place, one["msg"].removeprefix("Value error, "))

    def _typed(self, model: type[domain.Entry]) -> Iterator[tuple[str, object]]:
        """A blank text is nothing."""
        for name in model.model_fields:
            if name == "results":
                yield name, self.numbers.numbers if self.numbers else ()
                continue
            value = self.form.cleaned_data[name]
            yield name, getattr(value, "pk", None if value == "" else value)

    @property
    def seen(self) -> str:
        """Changes with everything that the form showed when it was opened."""
        return fingerprint(self.before) if self.before else ""

    @property
    def reason(self) -> str:
        """Why the change is made; that odd numbers are so printed belongs to it."""
        reason = str(self.form.cleaned_data["reason"])
        is_printed = self.numbers is not None and self.numbers.is_confirmed
        return f"{reason} (The numbers are so printed.)" if is_printed else reason

    # How it is laid out

    def sections(self, asked: str = "") -> list[Section]:
        """The parts of the form; closed where there is much to read and nothing to fix."""
        return [
            Section(
                name=name,
                title=title,
                what=self._what(name, fields),
                fields=tuple(self.form[one] for one in fields),
                is_open=self._is_open(name, fields, asked),
            )
            for name, (title, fields) in SECTIONS[self.kind].items()
        ]

    @property
    def about_the_change(self) -> list[forms.BoundField]:
        """The fields at the end; whether numbers are so printed only where that was asked."""
        names = [name for name in OF_THE_CHANGE if name in self.form.fields]
        if not (self.problems or self.form.data.get(AS_PRINTED)):
            names = [one for one in names if one != AS_PRINTED]
        return [self.form[name] for name in names]

    @property
    def number_forms(self) -> list[NumberForm]:
        """One for each number, and an empty one."""
        return list(self.numbers.forms) if self.numbers else []

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with the numbers: a sentence, and the id of its field or nothing."""
        if self.numbers is None or not self.numbers.is_bound:
            return []
        told = [(str(one), "") for one in self.numbers.non_form_errors()]
        for form in self.numbers.forms:
            told += [(f"{form.name or 'New number'}: {one}", "") for one in form.non_field_errors()]
            for field in form:
                told += [
                    (f"{field.label}: {one}", field.id_for_label or field.auto_id)
                    for one in field.errors
                ]
        return told

    def _what(self, name: str, fields: tuple[str, ...]) -> str:
        if name == NUMBERS:
            count = self.numbers.initial_form_count() if self.numbers else 0
            return f"{count} of them" if count else "none yet"
        return ", ".join(field_words(self.kind, one) for one in fields)

    def _is_open(self, name: str, fields: tuple[str, ...], asked: str) -> bool:
        if self.kind is not EntryKind.SOURCE or name == asked:
            return True
        if name == NUMBERS:
            return bool(self.problems)
        is_first = self.row is None and name == next(iter(SECTIONS[self.kind]))
        return is_first or any(self.form[one].errors for one in fields)


@transaction.atomic
def save_edit(*, on_form: EntryOnForm, by: User, seen: str) -> Change | None:
    """Save what was typed as a draft; None where it is as before.

    seen: `EntryOnForm.seen` of the page that the person filled in. Raises CurationRefused, and
    EntryMoved where somebody else saved the entry meanwhile.
    """
    entry = on_form.entry
    if entry is None:
        raise CurationRefused("Nothing was typed; nothing was saved.")
    kind, key = on_form.kind, name_of(entry)
    locked_change(kind, key)
    row = MODELS[kind].objects.select_for_update().filter(pk=key).first()
    now = SHELVES[kind].read(row) if row else None
    if (fingerprint(now) if now else "") != seen:
        raise EntryMoved(
            "Somebody saved this entry after you opened it. What you typed is still here; open the "
            "entry in another tab, compare, and save again from there. Nothing was saved."
        )
    if now == entry:
        return None
    was_read = str(on_form.form.cleaned_data["was_read"])
    return save_entry(entry=entry, by=by, reason=on_form.reason, was_read=was_read)
