"""Names of people and bodies, as every format writes them."""

from __future__ import annotations

import json

from evidence.domain.names import Person, family_of, person_in
from evidence.exchange.duplicates import source_key
from evidence.exchange.people import doubtful, name_as_printed, people_in, people_of_cell
from evidence.exchange.reading import read_file
from evidence.exchange.work import ReadEntry
from tests.collecting import for_each

ONE_NAME = {
    "Philip, Noah S.": "Philip NS",
    "Philip, NS": "Philip NS",
    "Philip NS": "Philip NS",
    "Okafor A.": "Okafor A",
    "Lindqvist B.M.": "Lindqvist BM",
    "Lindqvist B.-M.": "Lindqvist BM",
    "Noah S. Philip": "Philip NS",
    "N. S. Philip": "Philip NS",
    "Philip, Noah S., Jr.": "Philip NS Jr",
    "Costa, Jr., P. T.": "Costa PT Jr",
    "Costa Jr., P. T.": "Costa PT Jr",
    "Costa P.T. Jr.": "Costa PT Jr",
    "Vaughn, Robert L. III": "Vaughn RL 3rd",
    "Vaughn RL 3rd": "Vaughn RL 3rd",
    "Okafor, JR": "Okafor JR",
    "Okafor, MD": "Okafor MD",
    "van Oostrom, Iris": "van Oostrom I",
    "Cruz, Maria de la": "de la Cruz M",
    "von der Beek L": "von der Beek L",
    "Östergaard, Øyvind": "Östergaard Ø",
    "Łukasz, Žofia": "Łukasz Ž",
    "O'Neill, Mary-Jane": "O'Neill MJ",
    "Aristides": "Aristides",
    "et al": "et al.",
    "others": "et al.",
    "World Health Organization": "World Health Organization",
    "World Health Organization,": "World Health Organization",
    "University of Invention, San Diego": "University of Invention, San Diego",
    "U.S. Food and Drug Administration": "U.S. Food and Drug Administration",
    "National Institute for Health and Care Excellence": (
        "National Institute for Health and Care Excellence"
    ),
    "Kruger and Sons, Inc.": "Kruger and Sons, Inc.",
    "U. S. Congress": "U. S. Congress",
    "{Health and Care, Limited Trials}": "Health and Care, Limited Trials",
}


@for_each(("written", "meant"), ONE_NAME.items())
def test_one_name(written: str, meant: str) -> None:
    assert name_as_printed(written) == meant
    assert people_in(written) == [meant]


SEVERAL = {
    "Okafor, A.; Lindqvist, B. M.; Moreau, C.": ["Okafor A", "Lindqvist BM", "Moreau C"],
    "Okafor, A. and Lindqvist, B. M.": ["Okafor A", "Lindqvist BM"],
    "Okafor, A., Lindqvist, B. M., & Moreau, C.": ["Okafor A", "Lindqvist BM", "Moreau C"],
    "Okafor A, Lindqvist BM, Costa PT Jr": ["Okafor A", "Lindqvist BM", "Costa PT Jr"],
    "Okafor A; Lindqvist B; et al.": ["Okafor A", "Lindqvist B", "et al."],
    "Johnson & Johnson": ["Johnson & Johnson"],
    "National Institute for Health and Care Excellence; WHO": [
        "National Institute for Health and Care Excellence; WHO"
    ],
}


@for_each(("written", "meant"), SEVERAL.items())
def test_names_that_stand_together(written: str, meant: list[str]) -> None:
    assert people_in(written) == meant


CELLS = {
    "Philip, Noah S.": ["Philip NS"],
    "Okafor, Ada; Lindqvist, Bo M.": ["Okafor A", "Lindqvist BM"],
    "Okafor A.; Lindqvist B.M.": ["Okafor A", "Lindqvist BM"],
    "Okafor A., Lindqvist B.M.": ["Okafor A", "Lindqvist BM"],
    "Okafor A, Lindqvist B.": ["Okafor A", "Lindqvist B"],
    "Okafor, A. and Lindqvist, B. M.": ["Okafor A", "Lindqvist BM"],
    "World Health Organization": ["World Health Organization"],
    "University of Invention, San Diego": ["University of Invention, San Diego"],
    "University of Invention, San Diego; Okafor A;": [
        *("University of Invention, San Diego", "Okafor A")
    ],
    "Jane Doe, Richard Roe": ["Jane Doe", "Richard Roe"],
    "": [],
}


@for_each(("cell", "meant"), CELLS.items())
def test_names_in_a_cell(cell: str, meant: list[str]) -> None:
    assert people_of_cell(cell) == meant


BIBTEX = {
    "Costa, Jr., Paul T. and MacCallum, III, Theo": ["Costa PT Jr", "MacCallum T 3rd"],
    "Costa, Paul T., Jr. and MacCallum, Theo, III": ["Costa PT Jr", "MacCallum T 3rd"],
    "Iris van Oostrom and Ludwig von der Beek": ["van Oostrom I", "von der Beek L"],
    "de la Cruz, Maria and Maria de los Angeles": ["de la Cruz M", "de los Angeles M"],
    "Jane Q. Public and {van Oostrom}, Iris": ["Public JQ", "van Oostrom I"],
    "{{National Institute for Health and Care Excellence}}": [
        "National Institute for Health and Care Excellence"
    ],
    "Kruger {and} Sons and {Food and Drug Administration}": [
        *("Kruger and Sons", "Food and Drug Administration")
    ],
    "World Health Organization and Okafor, A": ["World Health Organization", "Okafor A"],
    r"Garc{\'i}a, Jos{\'e} and {\O}stergaard, S. D.": ["García J", "Østergaard SD"],
    "Okafor A and Lindqvist BM": ["Okafor A", "Lindqvist BM"],
    "Okafor, A.; Lindqvist, B.": ["Okafor A", "Lindqvist B"],
    "Okafor, Ada and others": ["Okafor A", "et al."],
    "Okafor, Ada\n  AND  Lindqvist, Bo": ["Okafor A", "Lindqvist B"],
}


@for_each(("field", "meant"), BIBTEX.items())
def test_authors_of_bibtex(field: str, meant: list[str]) -> None:
    content = f"@article{{a, title={{T}}, author={{{field}}}}}"

    assert list(read_file(content.encode()).entries[0].authors) == meant


def test_authors_of_csl() -> None:
    names = [
        {"family": "Ridder", "given": "Dirk", "non-dropping-particle": "de"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"},
        {"literal": "University of Invention, San Diego"},
        {"name": "Food and Drug Administration"},
        "Philip, Noah S.",
        {"family": "Aristides"},
    ]

    (entry,) = read_file(json.dumps([{"title": "T", "author": names}]).encode()).entries

    assert entry.authors == (
        *("de Ridder D", "King ML Jr", "von Humboldt A", "University of Invention, San Diego"),
        *("Food and Drug Administration", "Philip NS", "Aristides"),
    )
    assert entry.notes == ("Compare its authors with the file: Aristides.",)


def test_person_in_parts_and_the_label_of_a_suffix() -> None:
    entry = ReadEntry(row=1, title="A", authors=("Costa PT Jr",), year=2013)

    assert person_in("van Oostrom I") == Person("van Oostrom", "I")
    assert person_in("Costa PT Jr") == Person("Costa", "PT", "Jr")
    assert [person_in(one) for one in ("Neuronetics", "Yale University", "", "Jr")] == [None] * 4
    assert family_of("Costa PT Jr") == "Costa"
    assert source_key(entry, ()) == "costa-2013"


def test_names_to_look_at_are_told() -> None:
    assert doubtful(["Philip NS", "A; B", "Okafor,", "Aristides", "WHO", "Yale University"]) == [
        *("A; B", "Okafor,", "Aristides")
    ]
