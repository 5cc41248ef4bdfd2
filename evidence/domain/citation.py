"""How a source is cited: Vancouver text, RIS and CSL-JSON. Pure functions on the domain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from evidence.domain.entries import Source
from evidence.domain.names import AND_OTHERS, person_in
from evidence.domain.terms import Kind

AUTHORS_NAMED = 6
"""Vancouver names six authors, then et al."""

TITLE_NOT_KNOWN = "(title not known)"

STANDALONE = {
    Kind.GUIDELINE,
    Kind.CONSENSUS,
    Kind.LABEL,
    Kind.REGULATORY,
    Kind.SAFETY_COMMUNICATION,
}
"""Kinds that are reports where no journal is given."""


def title_of(source: Source) -> str:
    """The title, or that it is not known."""
    return source.title or TITLE_NOT_KNOWN


def year_of(source: Source) -> str:
    """The year of publication, n.d. where none was seen."""
    return "n.d." if source.year is None else str(source.year)


def cite_vancouver(source: Source, *, withdrawn: str = "") -> str:
    """One reference in Vancouver style; without authors the title comes first.

    withdrawn: as what it was withdrawn, in words; blank where it counts.
    """
    parts = [_authors_in_text(source.authors), _sentence(title_of(source)), _where(source)]
    parts += _identifiers(source)
    if withdrawn:
        parts.append(f"[{withdrawn}.]")
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _authors_in_text(authors: tuple[str, ...]) -> str:
    named = [author for author in authors if author != AND_OTHERS]
    more = len(named) > AUTHORS_NAMED or len(named) < len(authors)
    shown = named[:AUTHORS_NAMED] + (["et al"] if more else [])
    return _sentence(", ".join(shown)) if shown else ""


def _where(source: Source) -> str:
    """Journal. 2016;9(2):251-7. with whatever of it is known."""
    year = year_of(source).rstrip(".")
    issue = f"({source.issue})" if source.issue else ""
    volume = f"{source.volume or ''}{issue}"
    pages = f":{source.pages}" if source.pages else ""
    when = f"{year};{volume}{pages}" if volume or pages else year
    return " ".join(_sentence(part) for part in (source.journal, when) if part)


def _identifiers(source: Source) -> Iterator[str]:
    if source.doi:
        yield f"doi:{source.doi}."
    if source.pmid:
        yield f"PMID: {source.pmid}."
    if source.pmcid:
        yield f"PMCID: {source.pmcid}."
    if source.url and not (source.doi or source.pmid or source.pmcid):
        yield f"Available from: {source.url}"


# RIS


def write_ris(sources: Iterable[Source]) -> str:
    """References in RIS, lines ended as the format asks."""
    return "".join(f"{line}\r\n" for source in sources for line in _ris_lines(source))


def _ris_lines(source: Source) -> Iterator[str]:
    first, last = _pages(source.pages or "")
    fields = [
        ("TY", _ris_type(source)),
        ("ID", source.key),
        ("M3", source.kind.value),
        ("ST", source.short_name),
        *(("AU", _inverted(author)) for author in source.authors),
        ("TI", title_of(source)),
        ("PY", source.year),
        ("T2", source.journal),
        ("VL", source.volume),
        ("IS", source.issue),
        ("SP", first),
        ("EP", last),
        ("DO", source.doi),
        ("DB", "PubMed" if source.pmid else None),
        ("AN", source.pmid),
        ("C2", source.pmcid),
        ("UR", source.url),
    ]
    for tag, value in fields:
        if value:
            yield f"{tag}  - {' '.join(str(value).split())}"
    yield "ER  - "


def _pages(pages: str) -> tuple[str, str]:
    """First and last page; in one, where the two would not read back as printed."""
    whole = " ".join(pages.split())
    first, _, last = whole.partition("-")
    reads_back = first and last and whole == f"{first.strip()}-{last.strip()}"
    return (first, last) if reads_back else (whole, "")


def _ris_type(source: Source) -> str:
    if source.journal and source.kind is not Kind.TRIAL_REGISTRATION:
        return "JOUR"
    if source.kind in (Kind.CLINIC_WEB_PAGE, Kind.TRIAL_REGISTRATION):
        return "ELEC"
    return "RPRT" if source.kind in STANDALONE else "GEN"


def _inverted(author: str) -> str:
    """Philip NS -> Philip, N. S.; a body as it is, its first comma doubled to tell it apart."""
    author = " ".join(author.split())
    person = person_in(author)
    if author == AND_OTHERS:
        return f"{author},"  # a comma at the end keeps programs from turning it round
    if person is None or "," in author:
        return author.replace(",", ",,", 1)
    return ", ".join(filter(None, (person.family, _given(person.initials), person.suffix)))


def _given(initials: str) -> str:
    return " ".join(f"{letter}." for letter in initials)


# CSL-JSON


def write_csl(sources: Iterable[Source]) -> str:
    """References as CSL-JSON, a list of items."""
    return json.dumps([_csl_item(source) for source in sources], ensure_ascii=False, indent=1)


def _csl_item(source: Source) -> dict[str, object]:
    item = {
        "id": source.key,
        "type": _csl_type(source),
        "genre": source.kind.value,
        "title-short": source.short_name,
        "title": title_of(source),
        "author": [_csl_name(author) for author in source.authors],
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "container-title": source.journal,
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "DOI": source.doi,
        "PMID": source.pmid,
        "PMCID": source.pmcid,
        "URL": source.url,
    }
    return {name: value for name, value in item.items() if value}


def _csl_type(source: Source) -> str:
    match _ris_type(source):
        case "JOUR":
            return "article-journal"
        case "ELEC":
            return "webpage"
        case "RPRT":
            return "report"
        case _:
            return "document"


def _csl_name(author: str) -> dict[str, str]:
    person = person_in(author)
    if person is None:
        return {"literal": author}
    name = {"family": person.family, "given": _given(person.initials)}
    return {**name, "suffix": person.suffix} if person.suffix else name
