"""Our own exports come back equal, for every source, also by way of other programs' readers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

import bibtexparser
import pytest
import rispy
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pybtex.database import BibliographyData
from pybtex.database.input.bibtex import Parser
from pybtex.database.output.bibtex import Writer

from evidence.domain.citation import write_csl, write_ris
from evidence.domain.entries import Source
from evidence.domain.terms import Kind, Verified
from evidence.exchange.reading import Format, read_file
from evidence.exchange.work import ReadEntry
from evidence.exchange.writing import write_bibtex, write_csv, write_nbib, write_pubmed_xml
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_source
from tests.rounds import ROUNDS

WRITERS = {
    Format.RIS: write_ris,
    Format.CSL_JSON: write_csl,
    Format.BIBTEX: write_bibtex,
    Format.NBIB: write_nbib,
    Format.PUBMED_XML: write_pubmed_xml,
    Format.CSV: write_csv,
}
OF_ALL = (
    *("kind", "title", "authors", "year", "journal", "volume", "issue", "pages"),
    *("doi", "pmid", "pmcid"),
)
HELD = dict.fromkeys(WRITERS, (*OF_ALL, "key", "short_name", "url")) | {
    Format.NBIB: OF_ALL,
    Format.PUBMED_XML: OF_ALL,
    Format.CSV: (*OF_ALL, "key", "short_name", "url", "valid_until"),
}
"""What each format has a place for: PubMed's have none for keys, short names and addresses."""


def differences(
    form: Format, sources: Iterable[Source], entries: Iterable[ReadEntry]
) -> list[tuple[str, str, object, object]]:
    return [
        (source.key, name, getattr(source, name), getattr(entry, name))
        for source, entry in zip(sources, entries, strict=True)
        for name in HELD[form]
        if getattr(source, name) != getattr(entry, name)
    ]


@for_each("form", list(Format))
def test_every_source_comes_back_equal(form: Format) -> None:
    sources = load_dossier().sources

    read = read_file(WRITERS[form](sources).encode())

    assert (read.format, read.unread) == (form, ())
    assert differences(form, sources, read.entries) == []


ODD = (
    make_source(
        title="100% of β_1 {odd} ~ `signs`, ``quoted'' -- or --- \\not",
        authors=(
            *("Costa PT Jr", "MacCallum T 3rd", "van der Berg Ö", "O'Neill MJ", "Aristides"),
            *("University of Invention, San Diego", "Kruger and Sons & Co", "et al.", "Last A"),
        ),
        journal="J Inv } { & Co",
        pages="1--2",
        url="https://x.example/a_b%20c?d=~e&f#g",
        doi="10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
    ),
    make_source(authors=("Okafor A", "et al."), pages="S1-S5", pmid="31234567", pmcid="PMC1"),
    make_source(authors=("et al.",), title="A <i> b</j>: c"),
)


@for_each("form", list(Format))
def test_odd_signs_and_names_come_back_equal(form: Format) -> None:
    sources = [*ODD[:2], ODD[2].model_copy(update={"title": "A b: c"})]

    assert differences(form, sources, read_file(WRITERS[form](sources).encode()).entries) == []


# By way of other programs


def test_rispy_reads_our_ris_and_what_it_writes_comes_back_equal() -> None:
    sources = load_dossier().sources

    works = rispy.loads(write_ris(sources))

    assert [one["doi"] for one in works if "doi" in one] == [one.doi for one in sources if one.doi]
    assert [len(one.get("authors", ())) for one in works] == [len(one.authors) for one in sources]
    again = read_file(rispy.dumps(works).encode()).entries
    # rispy writes a publisher's type of work under another tag than ours.
    assert {name for _, name, *_ in differences(Format.RIS, sources, again)} <= {"kind"}


def test_pybtex_reads_our_bibtex_and_what_it_writes_comes_back_equal() -> None:
    sources = load_dossier().sources

    works: BibliographyData = Parser().parse_string(write_bibtex(sources))

    again = read_file(Writer().to_string(works).encode()).entries
    # It escapes once more what was escaped, so that titles with such signs are not compared.
    found = differences(Format.BIBTEX, sources, again)
    assert [one for one in found if not set("&%") & set(str(one[2]))] == []


def test_bibtexparser_finds_addresses_that_work_and_writes_what_comes_back_equal() -> None:
    sources = [*load_dossier().sources, ODD[0].model_copy(update={"key": "odd"})]

    library = bibtexparser.parse_string(write_bibtex(sources))

    assert not library.failed_blocks
    for name in ("url", "doi"):
        fields = [one.fields_dict.get(name) for one in library.entries]
        assert [one and one.value for one in fields] == [getattr(one, name) for one in sources]
    again = read_file(bibtexparser.write_string(library).encode()).entries
    assert differences(Format.BIBTEX, sources, again) == []


@for_each("library", ["pybtex", "latexcodec", "defusedxml", "rispy", "bibtexparser"])
def test_versions_that_were_measured_are_those_in_use(library: str) -> None:
    measured = (settings.BASE_DIR / "docs/references.md").read_text(encoding="utf-8")

    assert f"{library} {version(library)}" in measured


# Whatever is in them


def shown(text: str) -> str:
    """Without signs that turn or hide others, which reading takes out."""
    return "".join(sign for sign in text if sign.isprintable() or sign.isspace())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff<"), min_size=1)
LINES = WORDS.map(lambda text: " ".join(shown(text).split())).filter(bool)
SHORT = LINES.map(lambda text: text[:40].strip()).filter(bool)
PEOPLE = st.builds(
    "{} {}{}".format,
    st.sampled_from(["Philip", "van Oostrom", "O'Neill", "Müller", "de la Cruz"]),
    st.sampled_from(["N", "NS", "ÖB", "Ł"]),
    st.sampled_from(["", "", " Jr", " 3rd"]),
)
BODIES = st.builds(
    "{} of {}".format,
    st.sampled_from(["Society", "Ministry, Board", "Trust & Council"]),
    st.text("abzÄŁß& '-_%#$~{}\\", min_size=1, max_size=20).map(lambda text: f"X{text}x"),
).map(lambda name: " ".join(name.split()))
SOURCES = st.builds(
    Source,
    key=st.just("some-2020"),
    kind=st.sampled_from(Kind),
    verified=st.just(Verified.UNVERIFIED),
    title=LINES,
    short_name=st.none() | SHORT,
    authors=st.lists(PEOPLE | BODIES, max_size=4).map(tuple),
    year=st.none() | st.integers(1800, 2100),
    journal=st.none() | SHORT,
    volume=st.none() | SHORT,
    issue=st.none() | SHORT,
    pages=st.none() | SHORT | st.sampled_from(["251-7", "S1-S5", "e12", "1-", "-1", "1--2"]),
    doi=st.none()
    | st.from_regex(r"10\.[0-9]{4}/[a-zA-Z0-9()_;.-]{0,39}[a-zA-Z0-9]", fullmatch=True),
    pmid=st.none() | st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True),
    pmcid=st.none() | st.from_regex(r"PMC[0-9]{1,8}", fullmatch=True),
    url=st.none() | st.just("https://example.org/a?b=c&d=ä"),
)


@pytest.mark.slow
@examples(max_examples=100 * ROUNDS, deadline=None)
@given(st.sampled_from(list(Format)), st.lists(SOURCES, min_size=1, max_size=3))
def test_whatever_is_in_a_citation_comes_back_equal(form: Format, sources: list[Source]) -> None:
    entries = read_file(WRITERS[form](sources).encode()).entries

    assert differences(form, sources, entries) == []
