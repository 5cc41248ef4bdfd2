"""CSV: any column can be any field; the fields are guessed from the header first."""

from __future__ import annotations

import csv
import io

from evidence.exchange.work import MAX_ENTRIES, FileRefused, Found
from kapnet.core.cells import unguarded

FIELDS = {
    "key": ("key", "id"),
    "kind": ("kind", "publication type", "type"),
    "short_name": ("short name",),
    "title": ("title", "article title"),
    "authors": ("authors", "author"),
    "year": ("year", "publication year", "publication date"),
    "journal": ("journal", "journal/book", "source", "publication title"),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("pages", "page"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed id"),
    "pmcid": ("pmcid", "pubmed central id"),
    "url": ("url", "address", "link"),
    "valid_until": ("valid until",),
}
"""Each field and the headers that are taken for it."""


def read_table(text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header and the rows of a table. Raises FileRefused."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > MAX_ENTRIES + 1:
                raise FileRefused(f"This table has more than {MAX_ENTRIES} rows. Split it.")
    except csv.Error as error:
        raise FileRefused(
            "This is not a table that can be read. Save it as CSV (UTF-8)."
        ) from error
    if not rows or len(rows[0]) < 2 or len(rows[0]) > 200:
        raise FileRefused(
            "This file is none of RIS, BibTeX, nbib, PubMed XML, CSL-JSON or CSV with a header."
        )
    return tuple(cell.strip()[:100] for cell in rows[0]), rows[1:]


def guess_mapping(headers: tuple[str, ...]) -> tuple[str, ...]:
    """The field of each column, blank where no field fits; each field once."""
    mapping: list[str] = []
    for header in headers:
        said = header.lower().replace("_", " ").strip()
        field = next((name for name, known in FIELDS.items() if said in known), "")
        mapping.append("" if field in mapping else field)
    return tuple(mapping)


def mapped(rows: list[list[str]], mapping: tuple[str, ...]) -> list[Found]:
    """The works of the rows, by the field of each column."""
    return [_of_row(row, mapping) for row in rows]


def _of_row(row: list[str], mapping: tuple[str, ...]) -> Found:
    found: dict[str, str | list[str]] = {}
    for field, cell in zip(mapping, row, strict=False):
        if field == "authors":
            found[field] = _authors(unguarded(cell))
        elif field:
            found["types" if field == "kind" else field] = unguarded(cell)
    return found


def _authors(cell: str) -> list[str]:
    separator = ";" if ";" in cell else ","
    return [one.strip().rstrip(".") for one in cell.split(separator)]
