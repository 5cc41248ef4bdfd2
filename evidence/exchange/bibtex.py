"""BibTeX: entries, macros and joined texts by pybtex; an entry that it cannot read is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.exceptions import PybtexError
from pybtex.scanner import Pattern, PrematureEOF, Token

from evidence.domain.names import BODY, person_in
from evidence.exchange.latex import plain, plain_address
from evidence.exchange.people import name_as_printed, people_in, printed
from evidence.exchange.work import BIBTEX_ENTRY, Found, Unread

START = re.compile(r"@\s{0,20}([A-Za-z]{1,40})\s{0,20}[{(]")
NO_KEY = re.compile(r"\s{0,20},")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
SIGN = re.compile(r"[@{}\"]")
"""What a reader of entries looks for: where one begins, and what opens or closes a value."""

LONGEST_ENTRY = 200_000
"""Where an entry that never ends is given up, in characters."""

MOST_WASTED = 2_000_000
"""How much may be read in vain, in characters, before the rest of a file is given up."""

NOT_WORKS = frozenset(("string", "preamble"))
ADDRESSES = frozenset(("url", "doi"))


class _Parser(LowLevelParser):
    """Entries one by one. Keys may hold spaces, and unknown macros are taken for text."""

    pos: int
    KEY_BRACE = KEY_PAREN = Pattern(r"[^,}\n]+", "entry key")

    def skip_to(self, patterns: list[Pattern]) -> Token | None:
        """The next of these signs; each sought alone would read to the end of the file."""
        signs = {pattern.description[1:-1]: pattern for pattern in patterns}
        every = SIGN.finditer(self.text, self.pos)
        found = next((one for one in every if one[0] in signs), None)
        if found is None:
            return None
        value = self.text[self.pos : found.end()]
        self.pos = found.end()
        return Token(value, signs[found[0]])

    def substitute_macro(self, name: str) -> str:
        """The text of a macro, else its name."""
        return str(self.macros.get(name.lower(), name))

    def parse_string_body(self, body_end: Pattern) -> None:
        """A macro, whose name is the same in capitals."""
        super().parse_string_body(body_end)
        self.macros[self.current_field_name.lower()] = "".join(self.current_value)


def read_bibtex(text: str) -> Iterator[Found | Unread]:
    """The works of a BibTeX file."""
    macros = dict(month_names)
    found, line, counted, wasted = START.search(text), 1, 0, 0
    while found:
        at = text.index("@", found.start())
        line, counted = line + text.count("\n", counted, at), at
        if found[1].lower() == "comment":
            end = _end_of_comment(text, found) if wasted < MOST_WASTED else None
            wasted += 0 if end else LONGEST_ENTRY
            found = START.search(text, end or found.end())
            continue
        parser = _Parser(text[at : at + LONGEST_ENTRY], macros=macros)
        work = _entry(parser, found) if wasted < MOST_WASTED else "the file has too many faults"
        if isinstance(work, str):
            wasted += parser.pos
            yield Unread(line=line, why=f"@{found[1]} {_key(found)} was not read: {work}.")
            # Its end is not known: the next entry is the next one that starts a line.
            found = BIBTEX_ENTRY.search(text, found.end())
            continue
        if work:
            yield work
        found = START.search(text, at + parser.pos)


def _end_of_comment(text: str, found: re.Match[str]) -> int | None:
    """Behind the brace that closes it."""
    depth = 1
    for sign in BRACE.finditer(text, found.end(), found.end() + LONGEST_ENTRY):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.end()
    return None


def _entry(parser: _Parser, found: re.Match[str]) -> Found | str:
    """The work; none where it was a macro. Where it cannot be read, why."""
    parser.pos = 1
    parser.keyless_entries = bool(NO_KEY.match(found.string, found.end()))
    try:
        parser.parse_command()
        if found[1].lower() in NOT_WORKS:
            return {}
        return _of_fields((parser.current_entry_key or "").strip(), parser.current_fields)
    except PrematureEOF:
        return "a brace or a quote is opened in it and never closed"
    except (PybtexError, RecursionError):
        field = parser.current_field_name
        return (
            f"a comma, a brace or a quote is wrong at its {field}" if field else "it has no fields"
        )


def _key(found: re.Match[str]) -> str:
    key = re.match(r"[^,\n}]{0,60}", found.string[found.end() : found.end() + 60])
    return key[0].strip() if key else ""


def _of_fields(key: str, pairs: list[tuple[str, list[str]]]) -> Found:
    raw: dict[str, str] = {}
    twice: set[str] = set()
    for name, parts in pairs:
        value = "".join(parts)
        if raw.setdefault(name.lower(), value) != value:
            twice.add(name.lower())
    known = {
        name: plain_address(value) if name in ADDRESSES else plain(value)
        for name, value in raw.items()
        if name != "author"
    }
    remarks = [known.get(name, "") for name in ("note", "annote", "keywords")]
    eprint = known.get("eprint", "") if known.get("eprinttype", "").lower() == "pubmed" else ""
    address = re.search(r"\\url\{([^{}]{1,1000})\}", raw.get("howpublished", ""))
    return {
        "key": key[:200],
        "types": [known.get("type", ""), known.get("keywords", "")],
        "short_name": known.get("shorttitle", ""),
        "title": known.get("title", ""),
        "authors": _authors(raw.get("author", "")),
        "year": known.get("year", "") or known.get("date", ""),
        "journal": known.get("journal") or known.get("journaltitle") or known.get("booktitle", ""),
        "volume": known.get("volume", ""),
        "issue": known.get("number", "") or known.get("issue", ""),
        "pages": plain(re.sub(r"-{2,3}", "-", raw.get("pages", ""))),
        "doi": known.get("doi", ""),
        "pmid": known.get("pmid", "") or eprint,
        "pmcid": known.get("pmcid", "") or known.get("pmc", ""),
        "url": known.get("url", "") or (address[1] if address else ""),
        "abstract": known.get("abstract", ""),
        "remarks": remarks,
        "notes": [f"Its {name} is in it twice; the first is taken." for name in sorted(twice)],
    }


# People


def _authors(field: str) -> list[str]:
    names = split_name_list(" ".join(field.split())[:50_000])
    return [name for one in names if one.strip() for name in _names(one.strip())]


def _names(name: str) -> list[str]:
    text = " ".join(plain(name).split())
    whole = name.startswith("{") and name.endswith("}") and _closes_last(name)
    if whole or "{and}" in name or BODY.search(text) or " " not in text:
        return [text if whole else name_as_printed(text)]
    if ";" in text or text.count(",") > 2:
        return people_in(text)
    if "," not in text and (person_in(text) or name_as_printed(text) != text):
        return [name_as_printed(text)]
    person = Person(name)
    parts = (
        [*person.prelast_names, *person.last_names],
        [*person.first_names, *person.middle_names],
        person.lineage_names,
    )
    family, given, suffix = (" ".join(plain(" ".join(part)).split()) for part in parts)
    return [printed(family, given, suffix)]


def _closes_last(name: str) -> bool:
    """Whether the first brace is closed by the last, as in {Food and Drug Administration}."""
    depth = 0
    for sign in BRACE.finditer(name):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.end() == len(name)
    return False
