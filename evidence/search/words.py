"""Words as the search compares them: without accents, case and endings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from evidence.domain.doi import as_doi
from evidence.search.stemming import stem_of

LONGEST_TERM = 90
"""Letters of a term; the rest of a longer word is left out on both sides."""

UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
"""Letters with a stroke or two in one, which Unicode takes for letters of their own."""

WORD = re.compile(r"[^\W_]+")
ADDRESS = re.compile(
    r"\A(?:https?://)?(?:(?:dx\.)?doi\.org/|pubmed\.ncbi\.nlm\.nih\.gov/|"
    r"pmc\.ncbi\.nlm\.nih\.gov/articles/|www\.ncbi\.nlm\.nih\.gov/(?:pubmed|pmc/articles)/|"
    r"doi:|pmid:|pmcid:)"
)
LITTLE = frozenset(
    word
    for line in (
        "a an and are as at be by can do does for from had has have how if in is it its of on or",
        "so than that the their then there these this to was were what when which who why will",
        "with",
    )
    for word in line.split()
)
"""Words that a question is full of and that find nothing in particular."""

LABELS = frozenset({"doi", "pmid", "pmcid"})
"""Words that only say which number follows."""


@dataclass(frozen=True)
class AskedWord:
    """One word that is asked for, as written and by its stem."""

    raw: str
    stem: str


@dataclass(frozen=True)
class AskedPart:
    """What is between two spaces: one number or key as a whole, else all of its words."""

    whole: str
    words: tuple[AskedWord, ...]


def plain(text: str) -> str:
    """Without accents and case, so that Debowska finds Dębowska."""
    if text.isascii():  # has no accents, and is apart as it is
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKD", letters.casefold()).translate(UNDIVIDED)


def words_in(text: str) -> list[str]:
    """The words and numbers of a text, plain, in order; every other sign parts them."""
    return [word[:LONGEST_TERM] for word in WORD.findall(plain(text))]


def stems_in(text: str) -> list[str]:
    """The same by their stems."""
    return [stem_of(word) for word in words_in(text)]


def identifier(text: str) -> str:
    """A key, DOI or number as it is compared: "https://doi.org/10.1/X." is "10.1/x"."""
    found = as_doi(text)
    written = ADDRESS.sub("", plain(text).strip()).strip(".,;:()[]<>\"'/ ")
    bare = plain(found) if found else written
    return bare.replace("\0", "").encode(errors="ignore").decode()[: 2 * LONGEST_TERM]


def whole_term(text: str) -> str:
    """The term of a whole key or number, which no single word can be taken for."""
    return f"={identifier(text)}"


def asked_parts(text: str) -> tuple[AskedPart, ...]:
    """What a search asks for. Little words count only where nothing else is asked."""
    parts = [_part(chunk) for chunk in text.split()]
    telling = [part for part in parts if part.words and not _says_little(part)]
    return tuple(dict.fromkeys(telling or [part for part in parts if part.words]))


def _part(chunk: str) -> AskedPart:
    whole = identifier(chunk)
    words = dict.fromkeys(words_in(whole))
    return AskedPart(whole, tuple(AskedWord(word, stem_of(word)) for word in words))


def _says_little(part: AskedPart) -> bool:
    return all(word.raw in LITTLE | LABELS for word in part.words)
