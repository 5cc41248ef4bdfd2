"""PubMed's XML, parsed by defusedxml: entities are refused, and no DTD is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from evidence.domain.names import AND_OTHERS
from evidence.exchange.people import printed
from evidence.exchange.work import FileRefused, Found, Unread

LINKS = {
    "RetractionIn": "Retraction in: ",
    "RetractionOf": "Retraction of: ",
    "ExpressionOfConcernIn": "Expression of concern in: ",
    "ExpressionOfConcernFor": "Expression of concern for: ",
}
NOT_WORKS = ("DeleteCitation", "DeleteDocument")


def read_pubmed_xml(text: str) -> Iterator[Found | Unread]:
    """The works of a PubMed XML file. Raises FileRefused."""
    try:
        root: Element = fromstring(text)
    except DefusedXmlException as error:
        raise FileRefused("This XML declares entities. Download it again from PubMed.") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise FileRefused("This is not valid XML. Download it again from PubMed.") from error
    works = [root] if root.tag in ("PubmedArticle", "PubmedBookArticle") else list(root)
    if not any(one.tag in ("PubmedArticle", "PubmedBookArticle") for one in works):
        raise FileRefused("This XML holds no articles as PubMed writes them. Export it as RIS.")
    for number, one in enumerate(works, 1):
        if one.tag == "PubmedArticle":
            yield _of_article(one)
        elif one.tag == "PubmedBookArticle":
            yield _of_book(one)
        elif one.tag not in NOT_WORKS:
            yield Unread(f"Element {number} ({one.tag[:60]}) is neither article nor book.")


def _all(within: Element | None, path: str) -> list[str]:
    if within is None:
        return []
    return ["".join(one.itertext()) for one in within.findall(path)]


def _one(within: Element | None, path: str) -> str:
    return next(iter(_all(within, path)), "")


def _of_article(whole: Element) -> Found:
    article = whole.find("MedlineCitation/Article")
    issue = "Journal/JournalIssue/"
    return {
        "types": _all(article, "PublicationTypeList/PublicationType"),
        "title": _one(article, "ArticleTitle") or _one(article, "VernacularTitle"),
        "authors": _authors(article),
        "year": _one(article, f"{issue}PubDate/Year")
        or _one(article, f"{issue}PubDate/MedlineDate")
        or _one(article, "ArticleDate/Year"),
        "journal": _one(article, "Journal/Title") or _one(article, "Journal/ISOAbbreviation"),
        "volume": _one(article, f"{issue}Volume"),
        "issue": _one(article, f"{issue}Issue"),
        "pages": _one(article, "Pagination/MedlinePgn"),
        "doi": [_id(whole, "doi"), _one(article, "ELocationID[@EIdType='doi']")],
        "pmid": _one(whole, "MedlineCitation/PMID"),
        "pmcid": _id(whole, "pmc"),
        "abstract": list(_abstract(article)),
        "remarks": list(_links(whole)),
    }


def _of_book(whole: Element) -> Found:
    """A book, or a chapter, whose book is where an article has its journal."""
    document = whole.find("BookDocument")
    book = _one(document, "Book/BookTitle")
    chapter = _one(document, "ArticleTitle")
    return {
        "types": _all(document, "PublicationType"),
        "title": chapter or book,
        "authors": _authors(document) or _authors(document, "Book/AuthorList"),
        "year": _one(document, "Book/PubDate/Year")
        or _one(document, "Book/PubDate/MedlineDate")
        or _one(document, "ContributionDate/Year"),
        "journal": book if chapter and chapter != book else "",
        "volume": _one(document, "Book/Volume"),
        "pages": _one(document, "Pagination/MedlinePgn"),
        "doi": _one(document, "ArticleIdList/ArticleId[@IdType='doi']"),
        "pmid": _one(document, "PMID"),
        "abstract": list(_abstract(document)),
        "remarks": list(_links(whole)),
    }


def _abstract(within: Element | None) -> Iterator[str]:
    for one in [] if within is None else within.findall("Abstract/AbstractText"):
        label = one.get("Label", "")
        yield f"{label}: {''.join(one.itertext())}" if label else "".join(one.itertext())


def _id(whole: Element, kind: str) -> str:
    return _one(whole, f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']")


def _links(whole: Element) -> Iterator[str]:
    for one in whole.iter("CommentsCorrections"):
        said = LINKS.get(one.get("RefType", ""))
        if said:
            yield f"{said}{_one(one, 'RefSource')}"


def _authors(within: Element | None, path: str = "AuthorList") -> list[str]:
    """Of a book there are two lists: its editors are not its authors."""
    lists = [] if within is None else within.findall(path)
    authors = [one for one in lists if one.get("Type") != "editors"][:1]
    names = [name for found in authors for one in found.findall("Author") if (name := _name(one))]
    more = any(found.get("CompleteYN") == "N" for found in authors)
    return [*names, AND_OTHERS] if more and AND_OTHERS not in names else names


def _name(author: Element) -> str:
    family, initials = _one(author, "LastName"), _one(author, "Initials")
    given = initials or _one(author, "ForeName")
    return _one(author, "CollectiveName") or printed(family, given, _one(author, "Suffix"))
