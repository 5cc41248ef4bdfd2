"""A number is an id of PubMed only where the record says so; a DOI is found wherever it stands."""

from __future__ import annotations

from evidence.exchange.reading import read_file
from tests.collecting import for_each

PMID = "31234567"


def of_ris(*lines: str) -> tuple[str | None, ...]:
    text = "\n".join(["TY  - JOUR", "TI  - A study", *lines, "ER  - "])
    (entry,) = read_file(text.encode()).entries
    return entry.doi, entry.pmid, entry.pmcid


NO_ID = {
    "Embase": ("DB  - Embase", "AN  - 147887838", "U2  - L2012345678"),
    "Embase with MEDLINE": ("DB  - Embase MEDLINE", "AN  - 147887838"),
    "CINAHL": ("AN  - 147000001", "DP  - EBSCOhost", "DB  - ccm"),
    "PsycInfo": ("DB  - APA PsycInfo", "AN  - 201912345"),
    "Scopus": ("DB  - Scopus", "AN  - 85012345678"),
    "CENTRAL": ("DB  - CENTRAL", "AN  - CN-01234567"),
    "ERIC": ("DB  - ERIC", "AN  - EJ1234567"),
    "no database": (f"AN  - {PMID}",),
    "another work": (f"N1  - Comment on: Invented J 2019. PMID: {PMID}",),
    "other C5": (f"C5  - {PMID}", "DB  - Invented"),
}


@for_each("database", NO_ID)
def test_number_of_another_database_is_no_pubmed_id(database: str) -> None:
    assert of_ris(*NO_ID[database]) == (None, None, None)


PUBMED = {
    "Ovid MEDLINE": ("DB  - Ovid MEDLINE(R) ALL <1946 to May 2024>", f"AN  - {PMID}"),
    "PubMed": ("DP  - PubMed", f"AN  - {PMID}"),
    "Embase": ("DB  - Embase", "AN  - 147887838", f"C5  - {PMID}"),
    "Scopus": ("DB  - Scopus", f"C2  - {PMID}"),
    "PM": (f"PM  - {PMID}",),
    "Cochrane": ("AN  - CN-01234567", f"C3  - PUBMED {PMID},EMBASE 623456789"),
    "Web of Science": (f"AN  - MEDLINE:{PMID}", "DB  - Web of Science"),
    "a note": (f"N1  - PMID: {PMID}",),
    "an address": (f"UR  - https://pubmed.ncbi.nlm.nih.gov/{PMID}/",),
    "an old address": (f"UR  - https://www.ncbi.nlm.nih.gov/pubmed/{PMID}",),
}


@for_each("database", PUBMED)
def test_pubmed_id_is_found_where_the_record_says_so(database: str) -> None:
    assert of_ris(*PUBMED[database]) == (None, PMID, None)


def test_pubmed_central_is_found_in_field_note_and_address() -> None:
    assert of_ris("C2  - PMC7654321") == (None, None, "PMC7654321")
    assert of_ris("N1  - PMCID: PMC7654321") == (None, None, "PMC7654321")
    assert of_ris("UR  - https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/")[2] == "PMC7654321"


DOI_LINES = (
    *("DO  - https://www.doi.org/10.5555/x.1", "L3  - http://dx.doi.org/10.5555/x.1"),
    *("M3  - doi: 10.5555/x.1", "N1  - doi:10.5555/x.1", "UR  - https://doi.org/10.5555/x.1"),
    *("L2  - https://doi-org.proxy.example/10.5555/x.1", "DI  - 10.5555%2Fx.1"),
)


@for_each("line", DOI_LINES)
def test_doi_is_found_in_each_place_of_ris(line: str) -> None:
    assert of_ris(line)[0] == "10.5555/x.1"


OTHER_FORMATS = {
    "BibTeX": rf"@misc{{a, title=T, note={{PMID: {PMID}}}, url={{https://doi.org/10.5555/x\_1}}}}",
    "biblatex": f"@misc{{a, title=T, eprint={PMID}, eprinttype={{pubmed}}, doi={{10.5555/x_1}}}}",
    "EndNote": (
        rf"@misc{{a, title=T, DOI={{10.5555/x{{\_}}1}}, "
        rf"url={{https://www.ncbi.nlm.nih.gov/pubmed/{PMID}}}}}"
    ),
    "Zotero": f'Title,Author,DOI,Extra\nT,"Okafor, Ada",10.5555/x_1,"PMID: {PMID}\nTags: x"\n',
    "CSV": f"title,pubmed id,doi\nT,{PMID},https://doi.org/10.5555/x_1\n",
    "CSL": f'[{{"title": "T", "note": "PMID: {PMID}\\nPMCID: PMC1", "DOI": "doi:10.5555/x_1"}}]',
    "nbib": f"PMID- {PMID}\nTI  - T\nLID - S0140-6736(20)1 [pii]\nAID - 10.5555/x_1 [doi]\n",
    "Ovid": f"DB  - Ovid MEDLINE(R)\nUI  - {PMID}\nTI  - T\nDO  - 10.5555/x_1\n",
}


@for_each("program", OTHER_FORMATS)
def test_ids_of_other_formats(program: str) -> None:
    (entry,) = read_file(OTHER_FORMATS[program].encode()).entries

    assert (entry.doi, entry.pmid) == ("10.5555/x_1", PMID)


def test_ovid_number_of_psycinfo_is_no_pubmed_id() -> None:
    (entry,) = read_file(b"DB  - APA PsycInfo\nUI  - 201912345\nTI  - T\n").entries

    assert entry.pmid is None


def test_two_dois_are_told_and_one_in_two_spellings_is_not() -> None:
    lines = "TY  - JOUR\nTI  - T\nDO  - 10.5555/a\nDO  - {}\nER  - \n"

    (two,) = read_file(lines.format("10.5555/b").encode()).entries
    (one,) = read_file(lines.format("https://doi.org/10.5555/A").encode()).entries

    assert two.doi == one.doi == "10.5555/a"
    assert two.notes == ("It gives more than one DOI (10.5555/a, 10.5555/b); the first is taken.",)
    assert one.notes == ()
