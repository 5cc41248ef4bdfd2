"""The one place that knows how a DOI is written, and how it is found in whatever was pasted."""

from __future__ import annotations

import re
from urllib.parse import unquote

START = re.compile(
    r"10(?:\.|%2e)[0-9]{1,9}(?:\.[0-9]{1,9}){0,3}\s{0,3}(?:/|%(?:25){0,2}2f)\s{0,3}", re.IGNORECASE
)
"""Directory indicator and registrant of a DOI with the slash after it (ISO 26324)."""

RESOLVER = re.compile(
    r"(?:\A|[/.=@])(?:dx[.-])?(?:www[.-])?doi[.-]org(?=[./:?-]|\Z)", re.IGNORECASE
)
"""The resolver's host in an address, also as proxies of libraries write it: doi-org.x.example."""

PAGE = re.compile(r"/(?:full|fulltext|abstract|abs|pdf|epdf|html|meta|references)\Z", re.IGNORECASE)
"""What publishers put behind the DOI in the address of a page."""

PARAMETERS = re.compile(r"[?#]")
NEXT_PARAMETER = re.compile(r"[?#&]")
"""Where a DOI ends that is a parameter itself."""

MARK = "[doi]"
PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
MOST_ROUNDS = 3
"""An address within an address is quoted once more each time."""


def as_doi(text: str) -> str:
    """The DOI in this text, as 10.1016/j.brs.2015.11.007; empty where there is none.

    Takes addresses, those of proxies and publishers, "doi:", "[doi]", %2F, and what a sentence puts
    around it. Capitals stay as they are written; `same_doi` compares without them.
    """
    found = START.search(text)
    if found is None:
        return ""
    before, rest = text[: found.start()], text[found.start() :].rstrip()
    if rest.lower().endswith(MARK):
        rest = rest[: -len(MARK)]
    in_address = "/" in before or "=" in before
    if in_address:
        rest = (NEXT_PARAMETER if "?" in before else PARAMETERS).split(rest)[0]
    doi = _plain(rest)
    start = START.match(doi)
    if start is None:
        return ""
    suffix = (doi[start.end() :].split() or [""])[0]
    suffix = PAGE.sub("", suffix) if in_address and not RESOLVER.search(before) else suffix
    suffix = _without_what_surrounds(suffix)
    registrant = start[0].partition("/")[0].rstrip()
    return f"{registrant}/{suffix}" if suffix else ""


def _plain(text: str) -> str:
    for _ in range(MOST_ROUNDS):
        text = unquote(text)
    return "".join(one for one in text if one.isprintable() or one.isspace())


def _without_what_surrounds(suffix: str) -> str:
    """Without the signs of a sentence at its end, and brackets that were opened before it."""
    while suffix:
        last = suffix[-1]
        opened = PAIRS.get(last)
        if last not in ".,;:'\"’”" and not (opened and suffix.count(opened) < suffix.count(last)):
            break
        suffix = suffix[:-1]
    return suffix


def same_doi(text: str) -> str:
    """A DOI as it is compared: in small letters. A text without one is compared as it is."""
    return (as_doi(text) or text.strip()).lower()


def doi_of_address(url: str) -> str:
    """The DOI that an address resolves; empty for the address of anything else."""
    return as_doi(url) if RESOLVER.search(url) else ""
