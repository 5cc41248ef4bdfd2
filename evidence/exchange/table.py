"""CSV: any column can be any field; the fields are guessed from the header first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress

from evidence.exchange.people import people_of_cell
from evidence.exchange.work import MAX_ENTRIES, FileRefused, Found
from kapnet.core.cells import unguarded

FIELDS = {
    "key": ("key", "id"),
    "kind": ("kind", "publication type", "type", "document type", "item type"),
    "short_name": ("short name",),
    "title": ("title", "article title", "document title"),
    "authors": ("authors", "author", "author names", "author(s)", "author full names"),
    "year": (
        "year",
        "publication year",
        "publication date",
        "date",
        "year of publication",
        "published year",
    ),
    "journal": (
        *("journal", "journal/book", "source", "publication title", "source title"),
        *("journal title", "publication", "journal name"),
    ),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "pages": ("pages", "page", "page range"),
    "doi": ("doi", "digital object identifier"),
    "pmid": ("pmid", "pubmed id", "medline pmid"),
    "pmcid": ("pmcid", "pubmed central id", "pmc id"),
    "url": ("url", "address", "link", "full text url"),
    "valid_until": ("valid until",),
}
"""Each field and the headers that are taken for it. The names are the header of our own tables."""

COLUMNS = {
    **FIELDS,
    "first_page": ("page start", "start page", "first page"),
    "last_page": ("page end", "end page", "last page"),
    "article_number": ("art. no.", "article number"),
    "abstract": ("abstract", "abstract note"),
    "remarks": ("extra", "notes", "note", "remarks"),
}
"""What a column may be: a field, half of one, or where programs put what has no column."""

LINES_BEFORE = 20
"""How many lines of words may come before the header."""


def is_table(text: str) -> bool:
    """Whether a text begins with a header that is known, before any line that looks otherwise."""
    try:
        return _known(next(_rows(text[:20_000]), []))
    except csv.Error:
        return False


def read_table(text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header and the rows of a table. Raises FileRefused."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        for _ in _rows(text, strict=True):
            pass
    try:
        for row in _rows(text):
            rows.append(row)
            if len(rows) > MAX_ENTRIES + LINES_BEFORE:
                break
    except csv.Error as error:
        raise FileRefused(
            "This is not a table that can be read. Save it as CSV (UTF-8)."
        ) from error
    begins = next((at for at, row in enumerate(rows[:LINES_BEFORE]) if _known(row)), 0)
    rows = rows[begins:]
    if not rows or len(rows[0]) < 2 or len(rows[0]) > 200:
        raise FileRefused(
            "This file is none of RIS, BibTeX, nbib, PubMed XML, CSL-JSON or CSV with a header."
        )
    if len(rows) > MAX_ENTRIES + 1:
        raise FileRefused(f"This table has more than {MAX_ENTRIES} rows. Split it.")
    return tuple(cell.strip()[:100] for cell in rows[0]), rows[1:]


def _rows(text: str, *, strict: bool = False) -> Iterator[list[str]]:
    """The rows that are not blank. Excel names its delimiter in a line of its own.

    strict: raises FileRefused where a quote is never closed, csv.Error at any other oddity.
    """
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named.lower().startswith("sep=") and len(named) == 5:
        delimiter, text = named[4], rest
    else:
        line = next((one for one in text.split("\n", 40)[:40] if _looks_like_header(one)), first)
        delimiter = max(",;\t", key=line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    begins = 1
    try:
        for row in reader:
            begins = reader.line_num + 1
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise FileRefused(
                f"Line {begins}: a quote is opened and never closed, so that what follows is one "
                "cell. Export the table again."
            ) from error
        raise


def _looks_like_header(line: str) -> bool:
    return any(_known(line.replace('"', "").split(delimiter)) for delimiter in ",;\t")


def _known(row: list[str]) -> bool:
    fields = [field for field in guess_mapping(tuple(row)) if field]
    return "title" in fields and len(fields) > 1


def guess_mapping(headers: tuple[str, ...]) -> tuple[str, ...]:
    """The field of each column, blank where no field fits; each field once."""
    mapping: list[str] = []
    for header in headers:
        said = " ".join(header.lower().replace("_", " ").split())
        field = next((name for name, known in COLUMNS.items() if said in known), "")
        mapping.append("" if field in mapping else field)
    return tuple(mapping)


def mapped(rows: list[list[str]], mapping: tuple[str, ...]) -> list[Found]:
    """The works of the rows, by the field of each column."""
    return [_of_row(row, mapping) for row in rows]


def _of_row(row: list[str], mapping: tuple[str, ...]) -> Found:
    cells = {field: unguarded(cell) for field, cell in zip(mapping, row, strict=False) if field}
    found: dict[str, str | list[str]] = dict(cells)
    if "authors" in cells:
        found["authors"] = people_of_cell(cells["authors"])
    if "kind" in cells:
        found["types"] = cells["kind"]
    halves = [cells.get(name, "").strip() for name in ("first_page", "last_page")]
    pages = "-".join(one for one in halves if one) or cells.get("article_number", "").strip()
    if pages and not cells.get("pages", "").strip():
        found["pages"] = pages
    if any(cell.strip() for cell in row[len(mapping) :]):
        found["errors"] = ["It has more cells than the table has columns: a quote is missing."]
    return found
