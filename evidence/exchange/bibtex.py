"""BibTeX: entries and their fields, with LaTeX accents as letters. Macros are not expanded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from evidence.exchange.work import FileRefused, Found, name_as_printed

ENTRY = re.compile(r"@\s{0,20}([A-Za-z]{1,40})\s{0,20}\{")
FIELD = re.compile(r"[\s,]{0,1000}([A-Za-z][A-Za-z0-9_:+-]{0,60})\s{0,100}=\s{0,100}")
NOT_WORKS = {"comment", "string", "preamble"}
ACCENTS = dict(
    zip(
        "`'^\"~=.cvHkruU",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0327\u030c\u030b\u0328\u030a\u0306\u0306",
        strict=False,
    )
)
TOKEN = re.compile(
    r"\\([`'^\"~=.]\s?|[cvHkru](?=[\s{]))\s?(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))"
    r"|\\([A-Za-z]{1,20})(?:\{\}|\s{1,5})?|\\(.)|[{}]|~",
    re.DOTALL,
)
LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "ae": "æ",
    "AE": "Æ",
    "l": "ł",
    "L": "Ł",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "oe": "œ",
    "OE": "Œ",
    "textbackslash": "\\",
    "textasciitilde": "~",
}


def read_bibtex(text: str) -> Iterator[Found]:
    """The works of a BibTeX file. Raises FileRefused."""
    at = 0
    while found := ENTRY.search(text, at):
        end = _closing(text, found.end())
        if found[1].lower() not in NOT_WORKS:
            yield _of_fields(*_fields(text[found.end() : end]))
        at = end + 1


def _closing(text: str, at: int) -> int:
    """Where the brace that was opened before `at` closes. Raises FileRefused."""
    depth = 1
    for found in re.compile(r"(?s)\\.|[{}]").finditer(text, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    line = text.count("\n", 0, at) + 1
    raise FileRefused(f"Line {line}: a brace is opened and never closed. Export the file again.")


def _fields(body: str) -> tuple[str, dict[str, str]]:
    key, _, rest = body.partition(",")
    fields: dict[str, str] = {}
    at = 0
    while found := FIELD.match(rest, at):
        value, at = _value(rest, found.end())
        fields.setdefault(found[1].lower(), value)
    return key.strip(), fields


def _value(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] == "{":
        end = _closing(text, at + 1)
        return text[at + 1 : end], end + 1
    if text[at : at + 1] == '"':
        end = _quote(text, at + 1)
        return text[at + 1 : end], end + 1
    end = text.find(",", at)
    end = len(text) if end < 0 else end
    return text[at:end].strip(), max(end, at)


def _quote(text: str, at: int) -> int:
    depth = 0
    for found in re.compile(r'(?s)\\.|[{}"]').finditer(text, at):
        if found[0] == '"' and depth == 0:
            return found.start()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return len(text)


def plain(value: str) -> str:
    r"""LaTeX as text: {\"o} is ö, braces are gone, an escaped sign is itself."""
    return TOKEN.sub(_as_text, value[:50_000])


def _as_text(found: re.Match[str]) -> str:
    accent, in_braces, bare, command, escaped = found.groups()
    if accent:
        return unicodedata.normalize("NFC", (in_braces or bare) + ACCENTS[accent.strip()])
    if command:
        return LETTERS.get(command, found[0])
    return escaped or ("" if found[0] in "{}" else " ")


def _of_fields(key: str, fields: dict[str, str]) -> Found:
    known = {name: plain(value) for name, value in fields.items() if name != "author"}
    authors = re.split(r"\s{1,20}and\s{1,20}", fields.get("author", "")[:50_000])
    journal = known.get("journal") or known.get("journaltitle") or known.get("booktitle")
    return {
        "key": key[:200],
        "types": [known.get("type", ""), known.get("keywords", "")],
        "title": known.get("title", ""),
        "authors": [_name(one) for one in authors if one.strip() not in ("", "others")],
        "year": known.get("year", "") or known.get("date", ""),
        "journal": journal or "",
        "volume": known.get("volume", ""),
        "issue": known.get("number", "") or known.get("issue", ""),
        "pages": known.get("pages", "").replace("--", "-"),
        "doi": known.get("doi", ""),
        "pmid": known.get("pmid", ""),
        "pmcid": known.get("pmcid", ""),
        "url": known.get("url", ""),
    }


def _name(name: str) -> str:
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return plain(name)
    said = plain(name)
    if "," in said:
        return name_as_printed(said)
    given, _, family = said.rpartition(" ")
    return name_as_printed(f"{family}, {given}") if given else said
