"""People and bodies as reference files write them, each as it is printed: Philip NS, Costa PT Jr.

No format says which names are people. What is here decides it, for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from evidence.domain.names import AND_OTHERS, BODY, MOST_INITIALS, SUFFIXES, Person, person_in

OTHERS = re.compile(r"(?:et\.?\s{0,3}al\.?|(?:and\s)?others)[.,;]{0,2}", re.IGNORECASE)
COMPANY = re.compile(r"(?:inc|ltd|llc|llp|corp|co|gmbh|plc|ag|sa|pty|bv|nv)\.?", re.IGNORECASE)
DOTTED = re.compile(r"(?:[^\W\d_]\.-?){1,6}")
INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,6}|[A-ZÀ-Ý]{1,2}")
COUNTRY = re.compile(r"U\.?\s?S\.?(?:A\.?)?|U\.?\s?K\.?|E\.?\s?U\.?")
JOINED = re.compile(r"(?<!\s)\s++(?:and|&)\s++|;", re.IGNORECASE)

LONGEST_LIST = 20_000
"""Where a list of names is cut, in characters: it holds more than a work may have authors."""


# One name


def name_as_printed(name: str) -> str:
    """Philip, Noah S. -> Philip NS. A body stays; so does a name that cannot be told."""
    name = " ".join(name.split())
    if OTHERS.fullmatch(name):
        return AND_OTHERS
    if re.fullmatch(r"\{[^{}]+\}", name):  # JabRef keeps the braces of a body in every format
        return name[1:-1].strip()
    if ",," in name:  # our own RIS: a body with a comma in its name
        return name.replace(",,", ",", 1)
    if BODY.search(name) or "," not in name:
        body = name.rstrip(",").rstrip()
        return body if BODY.search(name) else _without_comma(body)
    return _with_commas(name)


def printed(family: str, given: str, suffix: str = "") -> str:
    """The name whose parts a file tells apart, particles within the family name."""
    *first, last = given.split() or [""]
    if len(first) > 0 and not suffix and _suffix(last):
        given, suffix = " ".join(first), last
    given, particles = _particles_behind(given)
    family = " ".join([*particles, *family.split()])
    *before, last = family.split() or [""]
    if _suffix(given) and suffix and not _suffix(suffix):
        given, suffix = suffix, given
    if before and not suffix and _suffix(last):
        family, suffix = " ".join(before), last
    letters = initials(given)
    if not (family and letters):
        return family or given
    return str(Person(family, letters, _suffix(suffix) or suffix))


def _suffix(text: str) -> str:
    return SUFFIXES.get(text.strip(" .,").lower(), "")


def _particles_behind(given: str) -> tuple[str, list[str]]:
    """Maria de la -> Maria, and de la."""
    words = given.split()
    kept = len(words)
    while kept > 1 and words[kept - 1].isalpha() and words[kept - 1].islower():
        kept -= 1
    return " ".join(words[:kept]), words[kept:]


def _with_commas(name: str) -> str:
    parts = [part for part in map(str.strip, name.split(",")) if part]
    if len(parts) < 2:
        return "".join(parts)
    if any(COMPANY.fullmatch(part) for part in parts[1:]):
        return name
    suffixes = [part for part in parts[1:] if _suffix(part)] if len(parts) > 2 else []
    given = " ".join(part for part in parts[1:] if part not in suffixes)
    return printed(parts[0], given, suffixes[0] if suffixes else "")


def _without_comma(name: str) -> str:
    if name.endswith(".") and person_in(name[:-1]):
        return name[:-1]
    words = name.split(" ")
    suffix = _suffix(words[-1]) if len(words) > 2 and not DOTTED.fullmatch(words[-1]) else ""
    if suffix:
        words = words[:-1]
    first = next((at for at, word in enumerate(words) if at and DOTTED.fullmatch(word)), 0)
    behind = words[first:]
    if first and all(DOTTED.fullmatch(word) or _suffix(word) for word in behind):
        letters = [word for word in behind if not _suffix(word)]
        ends = [word for word in [*behind, suffix] if _suffix(word)]
        return printed(" ".join(words[:first]), " ".join(letters), ends[0] if ends else "")
    if suffix and person_in(" ".join(words)):
        return f"{' '.join(words)} {suffix}"
    return _in_spoken_order(words, suffix) or name


def _in_spoken_order(words: list[str], suffix: str) -> str:
    """Noah S. Philip -> Philip NS, by the initials that stand in the middle or in front."""
    dotted = [at for at, word in enumerate(words[:-1]) if DOTTED.fullmatch(word)]
    if not dotted or COUNTRY.fullmatch(words[0]) or COUNTRY.fullmatch("".join(words[:2])):
        return ""
    last = dotted[-1] + 1
    given, family = words[:last], words[last:]
    particles = all(word.islower() for word in family[:-1])
    if dotted[0] > 1 or not particles or len(family[-1]) < 2 or not family[-1][0].isupper():
        return ""
    return printed(" ".join(family), " ".join(given), suffix)


def initials(given: str) -> str:
    """Noah Samuel -> NS; initials printed together stay: NS -> NS."""
    given = given.strip().split(",")[0]
    if 1 < len(given) <= MOST_INITIALS and given.isalpha() and given.isupper():
        return given
    parts = [part for part in re.split(r"[\s.\-‐‑]+", given) if part]
    return "".join(part[0] for part in parts if part[0].isalpha()).upper()[:MOST_INITIALS]


# Names that belong together


def people_in(text: str) -> list[str]:
    """The names of a text that may hold several; one that cannot be divided is one name."""
    text = " ".join(text[:LONGEST_LIST].split())
    if ",," in text or OTHERS.fullmatch(text):
        return [name_as_printed(text)]
    for parts in _divided(text):
        return [name_as_printed(part) for part in parts]
    return [name_as_printed(text)] if text else []


def _divided(text: str) -> Iterator[list[str]]:
    """The ways to divide it that fit, the surest first."""
    parts = _parts(JOINED.split(text))
    if len(parts) > 1 and all(map(_looks_like_person, parts)):
        yield parts
    if ";" in text and _looks_like_person(text.split(";")[0]):
        yield _parts(text.split(";"))
    parts = [re.sub(r"\A(?:and|&)\s+", "", part) for part in _parts(text.split(","))]
    if len(parts) > 1 and all(person_in(_without_comma(part)) for part in parts):
        yield parts
    families, given = parts[::2], parts[1::2]
    if len(parts) > 3 and len(families) == len(given) and all(map(INITIALS.fullmatch, given)):
        yield [f"{family}, {letters}" for family, letters in zip(families, given, strict=True)]


def _parts(parts: Iterable[str]) -> list[str]:
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def _looks_like_person(name: str) -> bool:
    given = [part for part in name.split(",")[1:] if not _suffix(part)]
    whole = OTHERS.fullmatch(name) or person_in(name_as_printed(name))
    return bool(whole) and len(given) < 2


def people_of_cell(cell: str) -> list[str]:
    """The names in a cell of a table. Our own tables end the list with a semicolon."""
    cell = " ".join(cell[:LONGEST_LIST].split())
    if cell.endswith(";"):
        return _parts(cell.split(";"))
    if ";" in cell:
        return [name_as_printed(one) for one in _parts(cell.split(";"))]
    names = people_in(cell)
    parts = _parts(cell.split(","))
    if len(names) != 1 or len(parts) < 2 or BODY.search(cell):
        return names
    # Philip, Noah S. is one; Jane Doe, Richard Roe are two.
    if all(" " in part and not DOTTED.fullmatch(part.split(" ")[-1]) for part in parts):
        return [name_as_printed(part) for part in parts]
    return names if len(parts) < 4 else [name_as_printed(part) for part in parts]


# What a person should look at


def doubtful(names: Iterable[str]) -> list[str]:
    """The names that may be several, or half of one."""
    return [one for one in names if ";" in one or one.endswith(",") or _is_one_word(one)]


def _is_one_word(name: str) -> bool:
    return " " not in name and not name.isupper()
