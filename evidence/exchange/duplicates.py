"""Which works of a file are here already, or twice in it; and the key that a new one gets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from evidence.domain.doi import same_doi
from evidence.domain.entries import Source
from evidence.domain.names import family_of
from evidence.domain.parts import Frozen
from evidence.domain.taken_back import without_mark
from evidence.domain.terms import Kind, Verified
from evidence.exchange.work import ReadEntry

Named = Source | ReadEntry


class Duplicate(Frozen):
    """That a row is a work known already: the key of a source, or the row of the file."""

    row: int
    by: str
    key: str | None = None
    other_row: int | None = None


def find_duplicates(
    entries: Iterable[ReadEntry], sources: Iterable[Source]
) -> dict[int, Duplicate]:
    """By row, what each is a duplicate of: by DOI, PubMed id, or title with the year within 1."""
    known: dict[tuple[str, object], Named] = {}
    for source in sources:
        _note(known, source)
    found: dict[int, Duplicate] = {}
    for entry in entries:
        same = next(((by, known[sign]) for by, sign in _signs(entry) if sign in known), None)
        if same:
            found[entry.row] = _duplicate(entry.row, *same)
        _note(known, entry)
    return found


def _duplicate(row: int, by: str, other: Named) -> Duplicate:
    if isinstance(other, Source):
        return Duplicate(row=row, by=by, key=other.key)
    return Duplicate(row=row, by=by, other_row=other.row)


def _note(known: dict[tuple[str, object], Named], work: Named) -> None:
    for by, sign in _signs(work):
        known.setdefault(
            sign if by != "title" else (by, (title_words(work.title), work.year)), work
        )


def _signs(work: Named) -> Iterator[tuple[str, tuple[str, object]]]:
    if work.doi:
        yield "DOI", ("DOI", same_doi(work.doi))
    if work.pmid:
        yield "PubMed id", ("PubMed id", work.pmid.lstrip("0"))
    words = title_words(work.title)
    if words:
        near = [None] if work.year is None else [work.year, work.year - 1, work.year + 1]
        for year in near:
            yield "title", ("title", (words, year))


def title_words(title: str | None) -> str:
    """A title for comparing: its words in small letters, without accents, signs and marks."""
    flat = unicodedata.normalize("NFKD", without_mark(title or "")).casefold()
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in flat if not unicodedata.combining(c)))
    )


# Sources


def source_key(entry: ReadEntry, taken: Collection[str]) -> str:
    """philip-2016, or philip-2016-2 where that is taken: the first author and the year."""
    name = family_of(entry.authors[0]) if entry.authors else (entry.title or "")
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", flat)
    year = "undated" if entry.year is None else str(entry.year)
    base = f"{'-'.join(words if entry.authors else words[:3])[:60].strip('-') or 'source'}-{year}"
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key


def source_from(entry: ReadEntry, *, key: str, kind: Kind) -> Source:
    """A source that nobody has read yet. Raises ValueError for an entry with errors."""
    if entry.errors:
        raise ValueError(f"row {entry.row}: {' '.join(entry.errors)}")
    fields = entry.model_dump(exclude={"row", "key", "kind", "abstract", "errors", "notes"})
    return Source(key=key, kind=kind, verified=Verified.UNVERIFIED, **fields)
