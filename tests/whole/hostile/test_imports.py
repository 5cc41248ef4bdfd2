"""Files of references: real ones cut, doubled and stirred, and XML that asks for more."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.exchange.reading import read_file
from evidence.exchange.work import FileRefused
from tests.collecting import for_each
from tests.rounds import hostile
from tests.whole.hostile.values import texts

SAMPLES = (
    "TY  - JOUR\nTI  - A title\nAU  - Doe, Jane\nPY  - 2020\nDO  - 10.1000/a.b\nER  - \n",
    "@article{doe2020, title={A {T}itle}, author={Doe, Jane and Roe, R.}, year=2020,\n"
    "  doi={10.1000/a.b}, pages={1--9}}\n",
    "PMID- 12345\nTI  - A title\n      going on\nFAU - Doe, Jane\nDP  - 2020 Jan\n",
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12345</PMID><Article>"
    "<ArticleTitle>A title</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    "</PubmedArticleSet>",
    '[{"id": "a", "type": "article-journal", "title": "A title", "DOI": "10.1000/a.b",'
    ' "issued": {"date-parts": [[2020, 1]]}, "author": [{"family": "Doe", "given": "J"}]}]',
    "title,authors,year,doi\nA title,Jane Doe,2020,10.1000/a.b\n",
)
SECONDS = 5


@st.composite
def stirred(draw: st.DrawFn) -> bytes:
    """A sample with parts cut out, doubled, or replaced by something odd."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 5))):
        begin, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        part = draw(st.sampled_from(["", text[begin:end] * 2, None]))
        text = text[:begin] + (draw(texts) if part is None else part) + text[end:]
        text = text[:200_000]
    coding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig"]))
    return text.encode(coding, "surrogatepass")


@pytest.mark.slow
@hostile(examples=150)
@given(stirred())
def test_no_file_breaks_a_reader_or_keeps_it(content: bytes) -> None:
    started = process_time()

    with suppress(FileRefused):
        read_file(content)

    assert process_time() - started < SECONDS


LONG = {
    "comments": "@comment{" * 100_000,
    "open entries": "@misc{a, title={\n" * 20_000,
    "joined texts": '@misc{a, title="' + 'a" # "' * 150_000,
    "braces": "@misc{a, title={T}, author={" + "{}" * 90_000 + "}}",
    "names of BibTeX": "@misc{a, title={T}, author={" + "a, " * 60_000 + "}}",
    "names of RIS": "TY  - JOUR\nTI  - x\nAU  - " + "a, b; " * 150_000 + "\nER  - \n",
    "authors of RIS": "TY  - JOUR\nTI  - x\n" + "AU  - a, b; \n" * 80_000 + "ER  - \n",
    "names of a table": 'title,authors\nx,"' + "A B, " * 25_000 + '"\n',
    "blank lines": "PMID- 1\nTI  - x\n" + "\n \n" * 300_000,
    "ends": "TY  - JOUR\nTI  - x\n" + "ER  - y\n\n\n" * 100_000,
    "ids": "TY  - JOUR\nTI  - x\nN1  - " + "pmid:" * 200_000 + "\nER  - \n",
    "marks": "TY  - JOUR\nTI  - " + "retracted (" * 90_000 + "\nER  - \n",
    "deep XML": "<PubmedArticleSet>" + "<a>" * 100_000 + "</a>" * 100_000 + "</PubmedArticleSet>",
}


@pytest.mark.slow
@pytest.mark.long
@for_each("kind", LONG)
def test_no_long_file_keeps_a_reader(kind: str) -> None:
    content = LONG[kind].encode()
    started = process_time()

    with suppress(FileRefused):
        read_file(content)

    assert process_time() - started < SECONDS


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 4))


@pytest.mark.slow
@for_each(
    "xml",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l3;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&x;</PubmedArticleSet>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd" [<!ENTITY % p SYSTEM "file:///a"> %p;]><a/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "<!DOCTYPE a" + " " * 2000 + '[<!ENTITY x "y">]><a>&x;</a>',
        "<a>&undeclared;</a>",
        "<a>" * 100_000,
    ],
    ids=["laughs", "file", "parameter", "utf-16", "far", "undeclared", "deep"],
)
def test_s28_xml_that_asks_for_more_is_refused(xml: str) -> None:
    tracemalloc.start()

    with pytest.raises(FileRefused):
        read_file(xml.encode())

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


JSON_DEEP = "[" * 100_000


def test_s28_json_without_an_end_is_refused() -> None:
    with pytest.raises(FileRefused):
        read_file(("[{" + '"a":' + JSON_DEEP).encode())
