"""Reference files: bytes in, the works that they list out. Nothing is fetched, nothing is run.

A file is read whole or refused with a sentence; a row that cannot be used says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import islice

from evidence.domain.parts import Frozen
from evidence.exchange import bibtex, csl, pubmed_xml, table, tagged
from evidence.exchange.work import MAX_BYTES, MAX_ENTRIES, FileRefused, Found, ReadEntry, entry_of


class Format(StrEnum):
    """The formats that are read."""

    RIS = "ris"
    BIBTEX = "bibtex"
    NBIB = "nbib"
    PUBMED_XML = "pubmed_xml"
    CSL_JSON = "csl_json"
    CSV = "csv"


class ReadFile(Frozen):
    """What a file lists, in its order. `headers` are the column names of a CSV file."""

    format: Format
    entries: tuple[ReadEntry, ...]
    headers: tuple[str, ...] = ()
    mapping: tuple[str, ...] = ()


READERS: Mapping[Format, Callable[[str], Iterator[Found]]] = {
    Format.RIS: tagged.read_ris,
    Format.BIBTEX: bibtex.read_bibtex,
    Format.NBIB: tagged.read_nbib,
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
    if form is Format.CSV:
        headers, rows = table.read_table(text)
        mapping = mapping or table.guess_mapping(headers)
        found = table.mapped(rows, mapping)
    else:
        found = list(islice(READERS[form](text), MAX_ENTRIES + 1))
    if not found:
        raise FileRefused("No reference was found in this file. Export it again and try that one.")
    if len(found) > MAX_ENTRIES:
        raise FileRefused(
            f"This file lists more than {MAX_ENTRIES} references. Split it and import the parts."
        )
    entries = tuple(entry_of(number, one) for number, one in enumerate(found, 1))
    return ReadFile(format=form, entries=entries, headers=headers, mapping=mapping or ())


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark. Raises FileRefused."""
    if len(content) > MAX_BYTES:
        raise FileRefused("This file is larger than 10 MB. Split it and import the parts.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(content, "utf-16")
    else:
        text = _decoded(content, "utf-8-sig")
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
    """The format of a text by how it starts; a table where nothing else fits."""
    start = text.lstrip()[:4000]
    if start.startswith("<"):
        return Format.PUBMED_XML
    if re.match(r"\[\s{0,50}[{\]]|\{", start):
        return Format.CSL_JSON
    if re.match(r"TY {1,2}-", start):
        return Format.RIS
    if re.match(r"[A-Z]{2,4} {0,2}- ", start):
        return Format.NBIB
    if start.startswith(("@", "%")) and "@" in start:
        return Format.BIBTEX
    return Format.CSV
