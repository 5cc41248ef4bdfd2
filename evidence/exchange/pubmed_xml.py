"""PubMed's XML. Entities and inner DTDs are refused before the parser sees the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from evidence.exchange.work import FileRefused, Found

REFUSED = re.compile(r"<!ENTITY|<!ELEMENT|<!ATTLIST|<!NOTATION|<!DOCTYPE[^>\[]{0,1000}\[")
"""What PubMed never writes. A DOCTYPE that only names its DTD passes; that DTD is never read."""


def read_pubmed_xml(text: str) -> Iterator[Found]:
    """The works of a PubMed XML file. Raises FileRefused."""
    if text.count("<!DOCTYPE") > 1:
        raise FileRefused("This XML names more than one DTD. Download it anew from PubMed.")
    if REFUSED.search(text):
        raise FileRefused("This XML declares entities or types. Download it anew from PubMed.")
    try:
        root = ET.fromstring(text)  # noqa: S314 -- no declaration is left that could expand
    except (ET.ParseError, ValueError) as error:
        raise FileRefused("This is not valid XML. Download it anew from PubMed.") from error
    return (_of_article(one) for one in root.iter("PubmedArticle"))


def _all(article: ET.Element | None, path: str) -> list[str]:
    if article is None:
        return []
    return ["".join(one.itertext()) for one in article.findall(path)]


def _one(article: ET.Element | None, path: str) -> str:
    return next(iter(_all(article, path)), "")


def _of_article(whole: ET.Element) -> Found:
    article = whole.find("MedlineCitation/Article")
    issue = "Journal/JournalIssue/"
    return {
        "types": _all(article, "PublicationTypeList/PublicationType"),
        "title": _one(article, "ArticleTitle"),
        "authors": _authors(article),
        "year": _one(article, f"{issue}PubDate/Year")
        or _one(article, f"{issue}PubDate/MedlineDate")[:4],
        "journal": _one(article, "Journal/Title") or _one(article, "Journal/ISOAbbreviation"),
        "volume": _one(article, f"{issue}Volume"),
        "issue": _one(article, f"{issue}Issue"),
        "pages": _one(article, "Pagination/MedlinePgn"),
        "doi": _id(whole, "doi") or _one(article, "ELocationID[@EIdType='doi']"),
        "pmid": _one(whole, "MedlineCitation/PMID"),
        "pmcid": _id(whole, "pmc"),
    }


def _id(whole: ET.Element, kind: str) -> str:
    return _one(whole, f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']")


def _authors(article: ET.Element | None) -> list[str]:
    people = [] if article is None else article.findall("AuthorList/Author")
    return [
        _one(one, "CollectiveName") or f"{_one(one, 'LastName')} {_one(one, 'Initials')}".strip()
        for one in people
    ]
