"""Reference files: bytes in, the works that they list out. Nothing is fetched, nothing is run.

What begins in a file is read, or named with the reason; nothing is left out without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import islice

from evidence.domain.parts import Frozen
from evidence.exchange import table
from evidence.exchange.work import (
    BIBTEX_ENTRY,
    MAX_BYTES,
    MAX_ENTRIES,
    FileRefused,
    Found,
    ReadEntry,
    Unread,
    entry_of,
)


class Format(StrEnum):
    """The formats that are read."""

    RIS = "ris"
    BIBTEX = "bibtex"
    NBIB = "nbib"
    PUBMED_XML = "pubmed_xml"
    CSL_JSON = "csl_json"
    CSV = "csv"


class ReadFile(Frozen):
    """What a file lists, in its order. `headers` are the column names of a CSV file.

    unread: a sentence for each reference that begins in the file and could not be read.
    """

    format: Format
    entries: tuple[ReadEntry, ...]
    unread: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    mapping: tuple[str, ...] = ()

    @property
    def begun(self) -> int:
        """How many references begin in the file."""
        return len(self.entries) + len(self.unread)


NOTHING_FOUND = "No reference was found in this file. Export it again and try that one."

WEB_PAGE = re.compile(r"<!doctype\s+html|<html", re.IGNORECASE)
SIGNS = (
    (re.compile(r"(?m)^TY {1,2}- {0,9}\S|^ER {1,2}- {0,9}$"), Format.RIS),
    (re.compile(r"(?m)^(?=.{4}- )(?:PMID|UI|TI|BTI|VN|OWN) {0,2}- "), Format.NBIB),
    (BIBTEX_ENTRY, Format.BIBTEX),
)
"""How a record of each format starts a line, wherever in the file the first one stands."""

NOT_READ = (
    (re.compile(r"%[0A-Z] "), "EndNote with tags"),
    (re.compile(r"FN \S|PT [A-Z]\s"), "Web of Science in plain text"),
)


def readers() -> Mapping[Format, Callable[[str], Iterator[Found | Unread]]]:
    """What reads each format but CSV."""
    # Parsers of BibTeX, LaTeX and XML take megabytes, and few people ever upload a file.
    from evidence.exchange import bibtex, csl, nbib, pubmed_xml, ris

    return {
        Format.RIS: ris.read_ris,
        Format.BIBTEX: bibtex.read_bibtex,
        Format.NBIB: nbib.read_nbib,
        Format.PUBMED_XML: pubmed_xml.read_pubmed_xml,
        Format.CSL_JSON: csl.read_csl,
    }


def read_file(content: bytes, *, mapping: tuple[str, ...] | None = None) -> ReadFile:
    """The works of a file, whatever its name. Raises FileRefused.

    mapping: for CSV, the field of each column, blank where it is left out; guessed where None.
    """
    text = decode(content)
    form = detect(text)
    headers: tuple[str, ...] = ()
    begun: list[Found | Unread]
    if form is Format.CSV:
        headers, rows = table.read_table(text)
        mapping = mapping or table.guess_mapping(headers)
        begun = [*table.mapped(rows, mapping)]
    else:
        begun = list(islice(readers()[form](text), MAX_ENTRIES + 1))
    if len(begun) > MAX_ENTRIES:
        raise FileRefused(
            f"This file lists more than {MAX_ENTRIES} references. Split it and import the parts."
        )
    found = [one for one in begun if not isinstance(one, Unread)]
    unread = tuple(str(one) for one in begun if isinstance(one, Unread))
    if not found:
        raise FileRefused(" ".join(unread[:3]) or NOTHING_FOUND)
    entries = tuple(entry_of(number, one) for number, one in enumerate(found, 1))
    return ReadFile(
        format=form, entries=entries, unread=unread, headers=headers, mapping=mapping or ()
    )


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark. Raises FileRefused."""
    if len(content) > MAX_BYTES:
        raise FileRefused("This file is larger than 10 MB. Split it and import the parts.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(content, "utf-16")
    else:
        text = _decoded(content, "utf-8-sig")
    # Files that were joined have a mark at the start of each.
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise FileRefused("This file holds binary content. Export the references as text.")
    return text


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"Line {line} is not in UTF-8. Save the file as UTF-8 and import it again."
        ) from error


def detect(text: str) -> Format:
    """The format of a text: how it starts, or its first record after words. Raises FileRefused."""
    start = text.lstrip()[:4000]
    if WEB_PAGE.match(start):
        raise FileRefused("This is a web page, not a file of references. Export it again.")
    if re.match(r"<[?!A-Za-z]", start):
        return Format.PUBMED_XML
    if re.match(r"\[\s{0,50}[{\]]|\{", start):
        return Format.CSL_JSON
    if table.is_table(text):
        return Format.CSV
    for pattern, form in SIGNS:
        if pattern.search(text):
            return form
    for pattern, program in NOT_READ:
        if pattern.match(start):
            raise FileRefused(f"This is a file of {program}. Export the references as RIS.")
    return Format.CSV
