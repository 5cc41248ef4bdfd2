"""Forms of an import: the file, the columns of a table, and what becomes of each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from evidence.curation.importing import Chosen, Preview
from evidence.domain import terms
from evidence.domain.terms import Kind
from evidence.exchange.duplicates import Duplicate
from evidence.exchange.table import FIELDS
from evidence.exchange.work import ReadEntry
from kapnet.core.web.plain_forms import PlainTextForm

ACCEPTED = ".ris,.bib,.nbib,.txt,.xml,.json,.csv"
SHOWN = ("journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url", "valid_until")


class UploadForm(forms.Form):
    """A file of references."""

    file = forms.FileField(
        label="File",
        help_text="RIS, BibTeX, PubMed nbib or XML, CSL-JSON or CSV, in UTF-8, up to 10 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty. Export the references again.",
            "missing": "Choose a file.",
        },
    )


class MappingForm(forms.Form):
    """Which column of a table is which field."""

    def __init__(self, data: Any = None, *, headers: Iterable[str], mapping: Iterable[str]) -> None:
        super().__init__(data, prefix="column")
        named = [("", "Leave it out"), *((name, name.replace("_", " ")) for name in FIELDS)]
        for number, (header, field) in enumerate(zip(headers, mapping, strict=True)):
            self.fields[str(number)] = forms.ChoiceField(
                label=header or f"Column {number + 1}",
                choices=named,
                required=False,
                initial=field,
            )

    @property
    def mapping(self) -> list[str]:
        """The field of each column, in their order."""
        return [self.cleaned_data[name] for name in self.fields]


@dataclass(frozen=True)
class Line:
    """One row of the preview with its fields."""

    entry: ReadEntry
    form: RowForm | None
    where: tuple[tuple[str, str], ...]
    duplicate_of: str
    duplicate_key: str
    problem: str


class RowForm(PlainTextForm, forms.Form):
    """Whether one row becomes a source, under which key, and what kind it is."""

    take = forms.BooleanField(label="Import", required=False)
    key = forms.CharField(label="Key", max_length=80, required=False)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Choose the kind"), *terms.Kind.choices()]
    )

    duplicate_of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, entry: ReadEntry, key: str, same: Duplicate | None
    ) -> None:
        initial = {
            "take": same is None,
            "key": key,
            "kind": entry.kind or "",
            "duplicate_of": (same.key or "") if same else "",
        }
        super().__init__(data, prefix=f"row{entry.row}", initial=initial)
        self.row = entry.row

    def clean(self) -> dict[str, Any]:
        """A row that is taken has a key and a kind."""
        cleaned = super().clean() or {}
        if cleaned.get("take"):
            if not cleaned.get("key", "").strip():
                self.add_error("key", "Give it a key.")
            if not cleaned.get("kind") and "kind" not in self.errors:
                self.add_error("kind", "Choose its kind.")
        return cleaned

    @property
    def chosen(self) -> Chosen | None:
        """The row as it was chosen; None where it is left out."""
        if not self.cleaned_data["take"]:
            return None
        return Chosen(
            row=self.row,
            key=self.cleaned_data["key"].strip(),
            kind=Kind(self.cleaned_data["kind"]),
            duplicate_of=self.cleaned_data["duplicate_of"],
        )


class ReasonForm(PlainTextForm, forms.Form):
    """Why these references are taken up."""

    reason = forms.CharField(
        label="Why they are taken up",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="It stays with every draft, with your name.",
        error_messages={"required": "Say why, in a few words."},
    )


def lines_of(shown: Preview, data: Any = None, problems: Any = None) -> list[Line]:
    """Every row of the file; those that can be imported with their fields."""
    return list(_lines(shown, data, problems or {}))


def _lines(shown: Preview, data: Any, problems: dict[int, str]) -> Iterator[Line]:
    for entry in shown.read.entries:
        same = shown.duplicates.get(entry.row)
        form = None
        if entry.row in shown.keys:
            form = RowForm(data, entry=entry, key=shown.keys[entry.row], same=same)
        where = ((name.replace("_", " ").upper(), getattr(entry, name)) for name in SHOWN)
        told = f"row {same.other_row} of this file" if same and same.other_row else ""
        yield Line(
            entry=entry,
            form=form,
            where=tuple((name, value) for name, value in where if value),
            duplicate_of=f"{told or (same.key if same else '')}, by {same.by}" if same else "",
            duplicate_key=(same.key or "") if same else "",
            problem=problems.get(entry.row, ""),
        )
