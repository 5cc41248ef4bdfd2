"""Treatment history as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from decisions.cases.models import Case
from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.treatment_history import (
    KINDS,
    EarlierScore,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.engine.medicine_list import MedicineClass, MedicineList
from decisions.treatment_history.forms import FORMS, RowForm
from decisions.treatment_history.models import HistoryRow, Kind
from decisions.treatment_history.queries import nothing_of, rows_of

DAYS = frozenset(
    {"started", "ended", "score_before_on", "score_after_on", "lost_on", "taken", "since"}
)


@dataclass(frozen=True)
class ShownRow:
    """One row: what names it, and everything else that is known of it."""

    id: UUID
    name: str
    details: tuple[tuple[str, str], ...]
    taken_over: bool = False
    """Whether it was taken over from an earlier episode."""


@dataclass(frozen=True)
class ShownKind:
    """One part of the page."""

    kind: str
    label: str
    rows: tuple[ShownRow, ...]
    none_said: bool


def present_history(
    case: Case, words: HistoryWords, kinds: Iterable[Kind] = Kind
) -> tuple[ShownKind, ...]:
    """These parts in their order, each with its rows."""
    rows, none = list(rows_of(case)), nothing_of(case)
    return tuple(
        ShownKind(
            kind=kind.value,
            label=str(kind.label),
            rows=tuple(present_row(row, words) for row in rows if row.kind == kind),
            none_said=kind.value in none,
        )
        for kind in kinds
    )


def present_row(row: HistoryRow, words: HistoryWords) -> ShownRow:
    """A row with its labels as the form has them; what is not known is left out."""
    form = FORMS[row.kind](words=words)
    said = {
        name: _say(form, name, value) for name, value in row.values.items() if name in form.fields
    }
    named_by = [field for field in _naming(row) if said[field]]
    details = tuple(
        (str(form.fields[field].label), text)
        for field, text in said.items()
        if text and field not in named_by
    )
    name = " ".join(said[field] for field in named_by) or str(row.get_kind_display())
    return ShownRow(row.pk, name, details, taken_over=row.taken_from_id is not None)


@dataclass(frozen=True)
class ShownMedicine:
    """A medicine taken now. like: names that it was taken for, each with its class."""

    row: ShownRow
    known_as: MedicineClass | None
    like: tuple[tuple[str, MedicineClass], ...]


def present_medicines(
    case: Case, words: HistoryWords, listed: MedicineList
) -> tuple[ShownMedicine, ...]:
    """What is taken now; one that was written freely has no class."""
    return tuple(
        ShownMedicine(
            row=present_row(row, words),
            known_as=listed.class_of(row.values["name"]),
            like=tuple(listed.mistaken_for(row.values["name"])),
        )
        for row in rows_of(case).filter(kind=Kind.MEDICINES)
    )


def _say(form: RowForm, name: str, value: object) -> str:
    if value in (None, "", False):
        return ""
    if value is True:
        return "yes"
    if name in DAYS:
        return say_partial(str(value))
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))


def _naming(row: HistoryRow) -> tuple[str, ...]:
    """The fields by which a row is called."""
    match KINDS[row.kind].model_validate(row.values):
        case TmsCourse():
            return ("started", "device")
        case OtherTreatment():
            return ("kind", "details")
        case EarlierScore():
            return ("scale", "score")
        case value:
            return (next(iter(type(value).model_fields)),)
