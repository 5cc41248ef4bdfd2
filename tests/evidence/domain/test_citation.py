"""Vancouver, RIS and CSL-JSON for the shapes that the dossier has."""

from __future__ import annotations

import json
from typing import Any

from evidence.domain.citation import cite_vancouver, write_csl, write_ris
from evidence.domain.terms import Kind
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_source

SEVEN = ("A A", "B B", "C C", "D D", "E E", "F F", "G G")


@for_each(
    ("fields", "cited"),
    [
        ({}, "Some A. A trial. 2020."),
        ({"authors": SEVEN}, "A A, B B, C C, D D, E E, F F, et al. A trial. 2020."),
        ({"authors": SEVEN[:6]}, "A A, B B, C C, D D, E E, F F. A trial. 2020."),
        ({"authors": ("Some A", "et al.")}, "Some A, et al. A trial. 2020."),
        ({"authors": ()}, "A trial. 2020."),
        ({"title": None, "authors": ()}, "(title not known). 2020."),
        ({"year": None}, "Some A. A trial. n.d."),
        ({"title": "Does it?"}, "Some A. Does it? 2020."),
        (
            {"journal": "Brain Stimul", "volume": "9", "issue": "2", "pages": "251-257"},
            "Some A. A trial. Brain Stimul. 2020;9(2):251-257.",
        ),
        ({"journal": "BMJ", "volume": "3"}, "Some A. A trial. BMJ. 2020;3."),
        ({"journal": "BMJ", "issue": "3", "year": None}, "Some A. A trial. BMJ. n.d;(3)."),
        ({"doi": "10.1/x", "pmid": "7"}, "Some A. A trial. 2020. doi:10.1/x. PMID: 7."),
        ({"url": "https://a.example"}, "Some A. A trial. 2020. Available from: https://a.example"),
        ({"url": "https://a.example", "doi": "10.1/x"}, "Some A. A trial. 2020. doi:10.1/x."),
    ],
)
def test_vancouver(fields: dict[str, Any], cited: str) -> None:
    assert cite_vancouver(make_source(**fields)) == cited


def test_vancouver_says_that_a_source_is_retracted() -> None:
    assert cite_vancouver(make_source(), withdrawn="Retracted").endswith("[Retracted.]")


def test_vancouver_of_philip_2016() -> None:
    assert cite_vancouver(load_dossier().source("philip-2016")) == (
        "Philip NS, Dunner DL, Dowd SM, Aaronson ST, Brock DG, Carpenter LL, et al. Can medication "
        "free, treatment-resistant, depressed patients who initially respond to TMS be maintained "
        "off medications? A prospective, 12-month multisite randomized pilot study. Brain Stimul. "
        "2016;9(2):251-257. doi:10.1016/j.brs.2015.11.007. PMID: 26708778."
    )


def test_ris_of_an_article() -> None:
    source = make_source(
        journal="BMJ", volume="1", pages="5-9", doi="10.1/x", authors=("van Exel E", "et al.")
    )

    assert write_ris([source]).split("\r\n") == [
        "TY  - JOUR",
        "ID  - some-2020",
        "M3  - rct",
        "AU  - van Exel, E.",
        "AU  - et al.,",
        "TI  - A trial",
        "PY  - 2020",
        "T2  - BMJ",
        "VL  - 1",
        "SP  - 5",
        "EP  - 9",
        "DO  - 10.1/x",
        "ER  - ",
        "",
    ]


@for_each(
    ("fields", "ris", "csl"),
    [
        ({"journal": "BMJ"}, "JOUR", "article-journal"),
        ({"kind": Kind.GUIDELINE}, "RPRT", "report"),
        ({"kind": Kind.CLINIC_WEB_PAGE}, "ELEC", "webpage"),
        ({"kind": Kind.TRIAL_REGISTRATION, "journal": "A registry"}, "ELEC", "webpage"),
        ({}, "GEN", "document"),
    ],
)
def test_type_of_reference(fields: dict[str, Any], ris: str, csl: str) -> None:
    source = make_source(**fields)

    assert write_ris([source]).startswith(f"TY  - {ris}\r\n")
    assert json.loads(write_csl([source]))[0]["type"] == csl


def test_line_breaks_never_break_ris() -> None:
    assert "TI  - One two\r\n" in write_ris([make_source(title="One\ntwo")])


def test_csl_names_people_and_bodies() -> None:
    source = make_source(authors=("Dębowska W", "US Food and Drug Administration"), year=None)

    item = json.loads(write_csl([source]))[0]

    assert item["author"] == [
        {"family": "Dębowska", "given": "W."},
        {"literal": "US Food and Drug Administration"},
    ]
    assert "issued" not in item


def test_whole_dossier_can_be_exported() -> None:
    sources = load_dossier().sources

    assert write_ris(sources).count("ER  - ") == len(sources)
    assert len(json.loads(write_csl(sources))) == len(sources)
    assert all(cite_vancouver(source) for source in sources)
