"""Signs that a work was retracted, withdrawn or doubted, in every format that tells of it."""

from __future__ import annotations

from evidence.domain.taken_back import Sign, signs_of, title_is_marked
from evidence.exchange.duplicates import title_words
from evidence.exchange.reading import read_file
from evidence.exchange.work import SENTENCES
from tests.collecting import for_each

TITLES = {
    "WITHDRAWN: Review of ketamine": Sign.TAKEN_BACK,
    "[RETRACTED] Trial of both": Sign.TAKEN_BACK,
    "RETRACTED ARTICLE: Trial of both": Sign.TAKEN_BACK,
    "Retracted: Trial of both": Sign.TAKEN_BACK,
    "REMOVED: Trial of both": Sign.TAKEN_BACK,
    "“Retracted” trial of both [Retracted]": Sign.TAKEN_BACK,
    "Trial of both (Retracted article. See vol. 12, pg. 3, 2020)": Sign.TAKEN_BACK,
    "Trial of both [Withdrawn].": Sign.TAKEN_BACK,
    "Notice of Retraction: Trial of both": Sign.NOTICE,
    "Retraction note: trial of both": Sign.NOTICE,
    "Retraction notice to “Trial of both” [J Inv 1 (2019) 1-9]": Sign.NOTICE,
    "Statement of Retraction: Trial of both": Sign.NOTICE,
    "Retraction: Trial of both": Sign.NOTICE,
    "Retraction of: Trial of both": Sign.NOTICE,
    "Retraction for Okafor et al., Trial of both:": Sign.NOTICE,
    "Temporary removal: Trial of both": Sign.NOTICE,
    "Expression of Concern: Trial of both": Sign.DOUBTED,
    "Editorial expression of concern to “Trial of both”": Sign.DOUBTED,
    "Trial of both [Expression of Concern]": Sign.DOUBTED,
    "Withdrawal of antidepressants in relapse": None,
    "Retraction of the eyelids: a review": None,
    "Removal of metal before MRI": None,
    "Withdrawn patients in trials of ketamine": None,
    "Lid retraction notices": None,
    "A cause for concern: ketamine clinics": None,
    "Trial of both (not retracted)": None,
}


@for_each(("title", "sign"), TITLES.items())
def test_titles(title: str, sign: Sign | None) -> None:
    assert signs_of(title, ()) == ({sign} if sign else set())


def test_only_the_mark_of_the_work_itself_counts_as_marked() -> None:
    assert title_is_marked("[Retracted] A trial")
    assert title_is_marked("RETRACTED ARTICLE: A trial")
    assert not title_is_marked("Retraction: A trial")
    assert not title_is_marked("Retracted papers and what became of them")


XML = (
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle>"
    "<PublicationTypeList><PublicationType>{type}</PublicationType></PublicationTypeList></Article>"
    '<CommentsCorrectionsList><CommentsCorrections RefType="{link}"><RefSource>Inv J. 2020'
    "</RefSource></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
)
RECORDS = {
    "nbib type": ("PMID- 1\nTI  - T\nPT  - Retracted Publication\n", Sign.TAKEN_BACK),
    "nbib RIN": ("PMID- 1\nTI  - T\nRIN - Inv J. 2020;1:1. PMID: 2\n", Sign.TAKEN_BACK),
    "nbib ROF": ("PMID- 1\nTI  - T\nROF - Inv J. 2018;1:1. PMID: 2\n", Sign.NOTICE),
    "nbib ECI": ("PMID- 1\nTI  - T\nECI - Inv J. 2021;1:1. PMID: 2\n", Sign.DOUBTED),
    "nbib ECF": ("PMID- 1\nTI  - T\nECF - Inv J. 2018;1:1. PMID: 2\n", Sign.NOTICE),
    "nbib comment": ("PMID- 1\nTI  - T\nCIN - Inv J. 2021;1:1. PMID: 2\n", None),
    "XML type": (XML.format(type="Retracted Publication", link="CommentIn"), Sign.TAKEN_BACK),
    "XML notice": (XML.format(type="Retraction of Publication", link="Cites"), Sign.NOTICE),
    "XML RetractionIn": (XML.format(type="Review", link="RetractionIn"), Sign.TAKEN_BACK),
    "XML RetractionOf": (XML.format(type="Review", link="RetractionOf"), Sign.NOTICE),
    "XML concern": (XML.format(type="Review", link="ExpressionOfConcernIn"), Sign.DOUBTED),
    "XML comment": (XML.format(type="Review", link="CommentIn"), None),
    "RIS M3": ("TY  - JOUR\nTI  - T\nM3  - Retracted Publication\nER  - \n", Sign.TAKEN_BACK),
    "RIS KW": ("TY  - JOUR\nTI  - T\nKW  - retracted article\nER  - \n", Sign.TAKEN_BACK),
    "RIS N1": ("TY  - JOUR\nTI  - T\nN1  - Retraction in: Inv J 2020\nER  - \n", Sign.TAKEN_BACK),
    "RIS KW withdrawal": ("TY  - JOUR\nTI  - T\nKW  - drug withdrawal\nER  - \n", None),
    "RIS abstract": (
        "TY  - JOUR\nTI  - T\nN2  - It has been withdrawn: see the retracted article.\nER  - \n",
        None,
    ),
    "RIS N1 of a drug": (
        "TY  - JOUR\nTI  - T\nN1  - It has been withdrawn in Europe\nER  - \n",
        None,
    ),
    "BibTeX": ("@misc{a, title={T}, note={Retracted}}", Sign.TAKEN_BACK),
    "CSV": ("Title,Year,Document Type\nT,2020,Retracted\n", Sign.TAKEN_BACK),
    "CSV notes": (
        "title,year,notes\nT,2020,This article has been withdrawn\n",
        Sign.TAKEN_BACK,
    ),
    "CSL": (
        '[{"title": "T", "updated-by": [{"type": "retraction", "DOI": "10.5555/n"}]}]',
        Sign.TAKEN_BACK,
    ),
    "CSL concern": (
        '[{"title": "T", "updated-by": [{"type": "expression_of_concern"}]}]',
        Sign.DOUBTED,
    ),
    "CSL correction": ('[{"title": "T", "updated-by": [{"type": "correction"}]}]', None),
}


@for_each("record", RECORDS)
def test_records_of_each_format(record: str) -> None:
    text, sign = RECORDS[record]

    (entry,) = read_file(text.encode()).entries

    assert entry.notes == ((SENTENCES[sign],) if sign else ())


def test_marked_title_is_the_same_work_and_is_not_chosen_by_itself() -> None:
    assert title_words("[Retracted] A trial") == title_words("A trial (Withdrawn)") == "a trial"
    assert title_words("Retracted:") == "retracted"
    (entry,) = read_file(b"PMID- 1\nTI  - T\nECI - Inv J. 2021;1:1.\n").entries
    assert entry.is_marked
    assert not read_file(b"PMID- 1\nTI  - T\n").entries[0].is_marked
