"""Reading reference files: what each format gives, what is refused, and that nothing breaks."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence.domain.citation import write_csl, write_ris
from evidence.domain.terms import Kind, Verified
from evidence.exchange.duplicates import find_duplicates, source_from, source_key
from evidence.exchange.reading import Format, read_file
from evidence.exchange.work import MAX_BYTES, FileRefused, ReadEntry
from evidence.exchange.writing import write_bibtex, write_csv, write_nbib, write_pubmed_xml
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_source
from tests.rounds import ROUNDS

WORK = make_source(
    key="philip-2016",
    title="Maintenance & more: 100% of β_1 {odd} ~ signs",
    authors=("Philip NS", "van Oostrom I", "Müller Ö"),
    year=2016,
    journal="Brain Stimulation",
    volume="9",
    issue="2",
    pages="251-7",
    doi="10.1000/abc_(def)",
    pmid="26708778",
    pmcid="PMC4834247",
    kind=Kind.RCT,
)
WRITERS = {
    Format.RIS: write_ris,
    Format.CSL_JSON: write_csl,
    Format.BIBTEX: write_bibtex,
    Format.NBIB: write_nbib,
    Format.PUBMED_XML: write_pubmed_xml,
    Format.CSV: write_csv,
}


@for_each("form", list(Format))
def test_each_format_reads_back_what_it_wrote(form: Format) -> None:
    found = read_file(WRITERS[form]([WORK]).encode())

    assert found.format is form
    (entry,) = found.entries
    assert source_from(entry, key=WORK.key, kind=entry.kind or Kind.COHORT) == WORK.model_copy(
        update={"verified": Verified.UNVERIFIED}
    )


@settings(max_examples=150 * ROUNDS, deadline=1000)
@given(
    st.sampled_from(
        ["", "TY  - JOUR\n", "@article{a,", "PMID- 1\n", "<PubmedArticleSet>", "[{", "title,doi\n"]
    ),
    st.text() | st.text("@{}\\\"',=<>[]&;-\n TYERPMID0123", max_size=300),
)
@example("@article{a, author={", "\\" * 300)
def test_no_text_breaks_a_reader(start: str, rest: str) -> None:
    with suppress(FileRefused):
        read_file((start + rest).encode("utf-8", "surrogatepass"))


@settings(max_examples=80 * ROUNDS, deadline=1000)
@given(st.binary(max_size=400))
def test_no_bytes_break_a_reader(content: bytes) -> None:
    with suppress(FileRefused):
        read_file(content)


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><PubmedArticleSet>&c;</PubmedArticleSet>'
)
HOSTILE = {
    "entities": (ENTITIES.encode(), "declares entities"),
    "external": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "entities"),
    "Latin-1": ("title,doi\nMüller,10.1/1".encode("latin-1"), "Line 2 is not in UTF-8"),
    "binary": (b"TY  - JOUR\x00", "binary"),
    "too large": (b"a" * (MAX_BYTES + 1), "larger than 10 MB"),
    "deep JSON": (b"[" * 100_000, "CSV with a header|nested|JSON"),
    "deep item": (b'[{"a":' + b"[" * 100_000, "nested too deeply"),
    "many": (b"TY  - JOUR\nER  - \n" * 5_001, "more than 5000 references"),
    "cut off": (b"TY  - JOUR\nTI  - A", "no end"),
    "open brace": (b"@article{a, title={b", "a brace or a quote"),
    "empty": (b"", "none of RIS"),
    "huge cell": (b"title,doi\n" + b"a" * 200_000 + b",b", "Save it as CSV"),
}


@for_each("name", HOSTILE)
def test_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    content, sentence = HOSTILE[name]

    with pytest.raises(FileRefused, match=sentence):
        read_file(content)


def test_pubmeds_own_doctype_passes() -> None:
    doctype = '<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://example.org/a.dtd">'

    entries = read_file((doctype + write_pubmed_xml([WORK])).encode()).entries

    assert entries[0].doi == WORK.doi


def test_utf_16_with_its_mark_is_read() -> None:
    assert read_file(write_ris([WORK]).encode("utf-16")).entries[0].title == WORK.title


def test_formula_is_written_as_text_and_named_when_read() -> None:
    evil = make_source(title="=cmd|' /C calc'!A0", authors=("@SUM A",))

    written = write_csv([evil])
    (entry,) = read_file(written.encode()).entries

    assert ",'=cmd" in written
    assert ",'@SUM" in written
    assert entry.title == evil.title
    assert "starts like a formula" in entry.notes[0]


@for_each("begins", ["=", "+", "-", "@", " =", "'=", '"=', ";=", "a;=", "a, =", "a;;'-"], ids=repr)
def test_s21_no_cell_of_the_evidence_begins_a_formula_in_any_locale(begins: str) -> None:
    evil = make_source(title=f"{begins}1+1", authors=())

    written = write_csv([evil])

    (cell,) = (row["title"] for row in csv.DictReader(StringIO(written, newline="")))
    for part in re.split("[;,]", cell):
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@")), cell
    assert read_file(written.encode()).entries[0].title == (evil.title or "").strip()


def test_columns_are_mapped_as_chosen() -> None:
    content = b"What,Who\nA trial,Some A"

    (entry,) = read_file(content, mapping=("title", "authors")).entries

    assert (entry.title, entry.authors) == ("A trial", ("Some A",))


def test_row_says_what_is_wrong_with_it() -> None:
    content = b"title,year,pmid,url\n,20x6,abc,javascript:alert(1)"

    errors = " ".join(read_file(content).entries[0].errors)

    for sentence in ("no title", "not a year", "not a number", "does not start with http"):
        assert sentence in errors


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"doi": "HTTPS://doi.org/10.1000/ABC."}, "DOI"),
        ({"pmid": "026708778"}, "PubMed id"),
        ({"title": "a  TRIAL, of sôme-thing", "year": 2021}, "title"),
    ],
)
def test_duplicate_of_a_source_is_found(fields: dict[str, object], by: str) -> None:
    source = make_source(title="A trial of some thing", doi="10.1000/abc", pmid="26708778")
    entry = ReadEntry.model_validate({"row": 1, "title": "Other", **fields})

    assert find_duplicates([entry], [source])[1].model_dump() == {
        "row": 1,
        "by": by,
        "key": "some-2020",
        "other_row": None,
    }


def test_duplicate_inside_the_file_names_the_row() -> None:
    entries = [ReadEntry(row=1, title="A", doi="10.1/a"), ReadEntry(row=2, title="B", doi="10.1/A")]

    assert find_duplicates(entries, [])[2].other_row == 1


def test_same_title_years_apart_is_another_work() -> None:
    entry = ReadEntry(row=1, title="A trial", year=2024)

    assert find_duplicates([entry], [make_source(title="A trial", year=2020)]) == {}


def test_key_is_of_author_and_year_and_free() -> None:
    entry = ReadEntry(row=1, title="A", authors=("van Öostrom I",), year=2016)

    assert source_key(entry, {"van-oostrom-2016"}) == "van-oostrom-2016-2"
