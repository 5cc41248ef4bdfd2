"""manage.py fetch_source: answers in the shape of Crossref and PubMed, by a server of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from io import StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command

from evidence.curation.models import Change
from evidence.loading import load_dossier
from evidence.models import Source
from tests.collecting import for_each
from tests.evidence.evidence_factories import curators, load_own_dossier
from tests.serving import serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_evidence")]

KNOWN = load_dossier().source("philip-2016")
OF_CROSSREF = {
    "type": "journal-article",
    "DOI": "10.1016/j.brs.2015.11.007",
    "title": KNOWN.title,
    "author": [
        {"given": "Noah S.", "family": "Philip", "sequence": "first", "affiliation": []},
        {"given": "David L.", "family": "Dunner", "sequence": "additional", "affiliation": []},
    ],
    "container-title": "Brain Stimulation",
    "volume": "9",
    "issue": "2",
    "page": "251-257",
    "issued": {"date-parts": [[2016, 3]]},
    "ISSN": ["1935-861X"],
    "URL": "http://dx.doi.org/10.1016/j.brs.2015.11.007",
}
DTD = "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd"
OF_PUBMED = f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "{DTD}">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">26708778</PMID>
<Article PubModel="Print-Electronic">
<Journal><JournalIssue CitedMedium="Internet"><Volume>9</Volume><Issue>2</Issue>
<PubDate><Year>2016</Year></PubDate></JournalIssue><Title>Brain stimulation</Title></Journal>
<ArticleTitle>{KNOWN.title}.</ArticleTitle>
<Pagination><MedlinePgn>251-257</MedlinePgn></Pagination>
<AuthorList CompleteYN="Y"><Author ValidYN="Y">
<LastName>Philip</LastName><ForeName>Noah S</ForeName><Initials>NS</Initials>
</Author></AuthorList>
<PublicationTypeList>
<PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>
</PublicationTypeList></Article></MedlineCitation>
<PubmedData><ArticleIdList>
<ArticleId IdType="doi">10.1016/j.brs.2015.11.007</ArticleId>
</ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>"""


@pytest.fixture
def answers(settings: Any) -> Iterator[dict[str, bytes]]:
    """A server that answers by the end of an address, in place of both hosts; and is allowed."""
    said: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path)
            body = next((text for part, text in said.items() if part in path), None)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *words: object) -> None:
            """Keep quiet."""

    with serving(Handler) as port:
        settings.SOURCE_FETCH = True
        settings.CROSSREF_ADDRESS = settings.PUBMED_ADDRESS = f"http://127.0.0.1:{port}"
        settings.CROSSREF_HOSTS = settings.PUBMED_HOSTS = ["127.0.0.1"]
        yield said


def fetch(*identifiers: str, **options: Any) -> str:
    out = StringIO()
    by = curators()[0].email
    call_command(
        "fetch_source", *identifiers, by=by, reason="For a test.", stdout=out, stderr=out, **options
    )
    return out.getvalue()


def test_by_doi(answers: dict[str, bytes]) -> None:
    answers["/works/10.1016/j.brs.2015.11.007"] = json.dumps(OF_CROSSREF).encode()

    said = fetch("https://doi.org/10.1016/J.brs.2015.11.007", kind="rct")

    assert "drafted as philip-2016" in said
    made = Source.objects.get(pk="philip-2016")
    assert (made.title, made.year, made.doi) == (KNOWN.title, 2016, KNOWN.doi)
    assert made.authors == ["Philip NS", "Dunner DL"]
    assert made.verified == "unverified"
    assert Change.objects.get(entry_key="philip-2016").state == "draft"


def test_by_pubmed_id(answers: dict[str, bytes]) -> None:
    answers["id=26708778"] = OF_PUBMED.encode()

    fetch("26708778")

    made = Source.objects.get(pk="philip-2016")
    assert (made.pmid, made.doi, made.kind) == ("26708778", KNOWN.doi, "rct")


def test_work_that_is_here_is_refused(answers: dict[str, bytes]) -> None:
    load_own_dossier()
    answers["id=26708778"] = OF_PUBMED.encode()

    with pytest.raises(CommandError, match="1 of 1 were not drafted"):
        fetch("26708778")
    assert not Change.objects.exists()


def test_kind_that_is_not_told_is_asked_for(answers: dict[str, bytes]) -> None:
    answers["/works/"] = json.dumps(OF_CROSSREF).encode()

    with pytest.raises(CommandError):
        fetch("10.1016/j.brs.2015.11.007")
    assert not Source.objects.exists()


@for_each(
    "body",
    [b"", b"<html>busy</html>", b'[{"title": "a"}, {"title": "b"}]', b"{}", b"[" * 100_000],
    undone=True,
)
def test_answer_that_is_no_reference_makes_nothing(answers: dict[str, bytes], body: bytes) -> None:
    answers["/works/"] = body

    with pytest.raises(CommandError):
        fetch("10.1016/j.brs.2015.11.007", kind="rct")
    assert not Source.objects.exists()


def test_unknown_work_and_odd_identifier_keep_no_other_from_being_fetched(
    answers: dict[str, bytes],
) -> None:
    answers["id=26708778"] = OF_PUBMED.encode()

    with pytest.raises(CommandError, match="2 of 3"):
        fetch("10.1000/nobody", "../../etc/passwd", "26708778")

    assert Source.objects.filter(pk="philip-2016").exists()


def test_host_that_is_not_named_is_not_asked(answers: dict[str, bytes], settings: Any) -> None:
    answers["/works/"] = json.dumps(OF_CROSSREF).encode()
    settings.CROSSREF_HOSTS = ["api.crossref.org"]

    with pytest.raises(CommandError):
        fetch("10.1016/j.brs.2015.11.007", kind="rct")
    assert not Source.objects.exists()


def test_off_by_default() -> None:
    with pytest.raises(CommandError, match="Fetching is off"):
        fetch("26708778")


def test_only_evidence_admins_draft(answers: dict[str, bytes]) -> None:
    with pytest.raises(CommandError, match="no evidence admin"):
        call_command("fetch_source", "26708778", by="nobody@example.org", reason="x")


@pytest.mark.parametrize("identifier", ["10.1000/something.else", "11111"])
def test_answer_about_another_work_makes_nothing(
    answers: dict[str, bytes], identifier: str
) -> None:
    answers["/works/"] = json.dumps(OF_CROSSREF).encode()
    answers["id="] = OF_PUBMED.encode()

    with pytest.raises(CommandError):
        fetch(identifier, kind="rct")
    assert not Source.objects.exists()


def test_kind_that_is_told_stands(answers: dict[str, bytes]) -> None:
    answers["id=26708778"] = OF_PUBMED.encode()

    fetch("26708778", kind="meta_analysis")

    assert Source.objects.get(pk="philip-2016").kind == "rct"
