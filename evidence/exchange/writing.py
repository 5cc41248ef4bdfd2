"""References written as BibTeX, nbib, PubMed XML and CSV. RIS, CSL-JSON: domain/citation.py."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from evidence.domain.citation import title_of
from evidence.domain.entries import Source
from evidence.domain.names import AND_OTHERS, person_in
from evidence.exchange.table import FIELDS
from kapnet.core.cells import guarded

ESCAPED = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_"}
    | {"~": r"\textasciitilde{}", "\\": r"\textbackslash{}"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
)
"""For BibTeX: braces count there even behind a backslash."""

PERCENT = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _named(source: Source) -> list[str]:
    return [_line(author) for author in source.authors]


# BibTeX


def write_bibtex(sources: Iterable[Source]) -> str:
    """References in BibTeX."""
    return "\n".join(_bibtex_entry(source) for source in sources)


def _bibtex_entry(source: Source) -> str:
    fields = {
        "author": " and ".join(map(_bibtex_name, _named(source))),
        "title": _latex(title_of(source)),
        "shorttitle": _latex(source.short_name),
        "year": source.year,
        "journal": _latex(source.journal),
        "volume": _latex(source.volume),
        "number": _latex(source.issue),
        "pages": _latex(source.pages),
        "doi": _address(source.doi),
        "pmid": source.pmid,
        "pmcid": source.pmcid,
        "url": _address(source.url),
        "keywords": source.kind.value,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return (
        f"@{'article' if source.journal else 'misc'}{{{source.key},\n" + "\n".join(lines) + "\n}\n"
    )


def _latex(text: str | None) -> str:
    return re.sub(r"(['`-])(?=\1)", r"\1{}", _line(text or "").translate(ESCAPED))


def _address(text: str | None) -> str:
    """An address or a DOI as it is: programs follow it as it is. Braces alone are replaced."""
    return _line(text or "").translate(PERCENT)


def _bibtex_name(author: str) -> str:
    person = person_in(author)
    if author == AND_OTHERS:
        return "others"
    if person is None or "," in author:
        return f"{{{_latex(author)}}}"
    given = " ".join(f"{letter}." for letter in person.initials)
    parts = (_latex(person.family), person.suffix, given)
    return ", ".join(part for part in parts if part)


# nbib


def write_nbib(sources: Iterable[Source]) -> str:
    """References as PubMed writes them, one tag a line."""
    return "\r\n".join("".join(_nbib_lines(source)) for source in sources)


def _nbib_lines(source: Source) -> Iterator[str]:
    fields = [
        ("PMID", source.pmid or " "),
        *(("AU", name) for name in _named(source)),
        ("TI", title_of(source)),
        ("DP", source.year),
        ("JT", source.journal),
        ("VI", source.volume),
        ("IP", source.issue),
        ("PG", source.pages),
        ("AID", f"{source.doi} [doi]" if source.doi else None),
        ("PMC", source.pmcid),
        ("PT", source.kind.value),
    ]
    for tag, value in fields:
        if value:
            yield f"{tag:<4}- {_line(value)}\r\n"


# PubMed XML

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_pubmed_xml(sources: Iterable[Source]) -> str:
    """References in the elements of PubMed that hold a citation."""
    root = ET.Element("PubmedArticleSet")
    for source in sources:
        _article(root, source)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _put(parent: ET.Element, tag: str, text: object = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = NOT_IN_XML.sub("", _line(text))
    return child


def _article(root: ET.Element, source: Source) -> None:
    whole = _put(root, "PubmedArticle")
    citation = _put(whole, "MedlineCitation")
    _put(citation, "PMID", source.pmid or "")
    article = _put(citation, "Article")
    journal = _put(article, "Journal")
    issue = _put(journal, "JournalIssue")
    _put(issue, "Volume", source.volume or "")
    _put(issue, "Issue", source.issue or "")
    _put(_put(issue, "PubDate"), "Year", source.year or "")
    _put(journal, "Title", source.journal or "")
    _put(article, "ArticleTitle", title_of(source))
    _put(_put(article, "Pagination"), "MedlinePgn", source.pages or "")
    _authors(_put(article, "AuthorList"), source)
    _put(_put(article, "PublicationTypeList"), "PublicationType", source.kind.value)
    ids = _put(_put(whole, "PubmedData"), "ArticleIdList")
    _put(ids, "ArticleId", source.doi or "", IdType="doi")
    _put(ids, "ArticleId", source.pmcid or "", IdType="pmc")


def _authors(parent: ET.Element, source: Source) -> None:
    parent.set("CompleteYN", "N" if AND_OTHERS in source.authors else "Y")
    names = _named(source)
    for name in names[:-1] if names[-1:] == [AND_OTHERS] else names:
        author, person = _put(parent, "Author"), person_in(name)
        if person is None:
            _put(author, "CollectiveName", name)
            continue
        _put(author, "LastName", person.family)
        _put(author, "Initials", person.initials)
        if person.suffix:
            _put(author, "Suffix", person.suffix)


# CSV


def write_csv(sources: Iterable[Source]) -> str:
    """References as a table that no spreadsheet takes for formulas; authors by semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    for source in sources:
        fields = source.model_dump(mode="json")
        fields["authors"] = "; ".join(_named(source)) + (";" if source.authors else "")
        writer.writerow([guarded(_line(fields.get(name) or "")) for name in FIELDS])
    return out.getvalue()
