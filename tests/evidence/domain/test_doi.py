"""A DOI is found in whatever was pasted, is stored in one spelling, and is checked by it."""

from __future__ import annotations

import importlib
import json
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from evidence.curation.entry_forms import SourceForm
from evidence.doi_field import DoiField
from evidence.domain.doi import as_doi, doi_of_address, same_doi
from evidence.exchange.reading import read_file
from evidence.loading import load_dossier
from evidence.models import Source
from evidence.retractions.models import RetractionCheck
from evidence.search.words import identifier
from tests.collecting import for_each
from tests.evidence.evidence_factories import load_own_dossier
from tests.evidence.retractions.works import make_update, make_work

DOI = "10.5555/abc.1"
SPELLINGS = (
    *("10.5555/abc.1", " 10.5555/abc.1. ", "doi:10.5555/abc.1", "DOI: 10.5555/abc.1"),
    *("doi 10.5555/abc.1", "https://doi.org/10.5555/abc.1", "http://dx.doi.org/10.5555/abc.1"),
    *("https://www.doi.org/10.5555/abc.1", "doi.org/10.5555/abc.1", "10.5555/abc.1 [doi]"),
    *("10.5555/abc.1[doi]", "10.5555%2Fabc.1", "https://doi.org/10.5555%2Fabc.1"),
    *("https://doi-org.proxy.lib.example/10.5555/abc.1", "info:doi/10.5555/abc.1"),
    *("https://doi.org.proxy.lib.example/10.5555/abc.1?x=1#top", "(doi: 10.5555/abc.1)."),
    "https://login.proxy.example/login?url=https%3A%2F%2Fdoi.org%2F10.5555%252Fabc.1&x=1",
    *(
        "https://publisher.example/doi/full/10.5555/abc.1?journal=x",
        "<https://doi.org/10.5555/abc.1>",
    ),
    *("https://publisher.example/articles/10.5555/abc.1/full", "“10.5555/abc.1”"),
    *("HTTPS://DOI.ORG/10.5555/abc.1", "10.5555 / abc.1", "\u200b10.5555/abc.1", "10.5555/abc.1;"),
)


@for_each("text", SPELLINGS)
def test_every_spelling_is_one_doi(text: str) -> None:
    assert as_doi(text) == DOI


@for_each(
    "doi",
    (
        *(
            "10.1000/abc_(def)",
            "10.1016/S0140-6736(20)30000-1",
            "10.1002/1097(1998)18:1<1::AID>3.0",
        ),
        *("10.1056/NEJMoa2302399", "10.1000.10/123", "10.1000/a/full", "10.1000/a&b"),
    ),
)
def test_doi_by_itself_stays_as_it_is(doi: str) -> None:
    assert as_doi(doi) == as_doi(f"https://doi.org/{doi}") == doi


@for_each(
    "text", ("", "abc", "10.5555", "10.5555/", "S0140-6736(20)30000-1", "https://doi.org/", "10/2")
)
def test_other_text_is_none(text: str) -> None:
    assert as_doi(text) == ""


def test_compared_without_capitals_and_only_a_resolver_gives_the_doi_of_an_address() -> None:
    assert same_doi("https://doi.org/10.5555/ABC.1") == DOI
    assert doi_of_address("https://doi.org/10.5555/abc.1") == DOI
    assert doi_of_address("https://publisher.example/doi/10.5555/abc.1") == ""
    assert identifier("https://doi-org.proxy.lib.example/10.5555/ABC.1") == DOI


@for_each("part", ("10.1", "10.1/", "10.", "/doi.org", "%2f", ")", " ", "10.1/("))
def test_no_text_takes_long(part: str) -> None:
    started = time.process_time()

    as_doi(part * 20_000)

    assert time.process_time() - started < 2


def test_every_doi_of_the_dossier_is_written_as_one() -> None:
    written = [one.doi for one in load_dossier().sources if one.doi]

    assert written == [as_doi(one) for one in written]


RIS = "TY  - JOUR\nTI  - A study\nPY  - 2019\n{line}\nER  - \n"


@for_each(
    "line",
    [
        *(
            f"DO  - {one}"
            for one in ("doi: 10.5555/abc.1", "10.5555/abc.1 [doi]", "10.5555%2Fabc.1")
        ),
        *("UR  - https://doi.org/10.5555/abc.1", "M3  - doi: 10.5555/abc.1"),
    ],
)
def test_file_of_references_gives_a_doi(line: str) -> None:
    (entry,) = read_file(RIS.format(line=line).encode()).entries

    assert entry.doi == DOI


def test_what_is_no_doi_in_a_file_is_left_out_with_a_note() -> None:
    (entry,) = read_file(RIS.format(line="DO  - S0140-6736(20)30000-1").encode()).entries

    assert entry.doi is None
    assert "What it gives as its DOI is none, and is left out." in entry.notes


@pytest.mark.django_db
class TestStored:
    """In the database."""

    def test_row_holds_one_spelling_by_every_write(self) -> None:
        Source.objects.create(key="a-2020", kind="rct", verified="abstract", doi=f"doi:{DOI}")
        Source.objects.bulk_create(
            [Source(key="b-2020", kind="rct", verified="abstract", doi="10.5555%2Fabc.1")]
        )
        Source.objects.filter(key="a-2020").update(doi=f"https://doi.org/{DOI}.")

        ours = Source.objects.filter(key__in=["a-2020", "b-2020"])
        assert list(ours.values_list("doi", flat=True)) == [DOI, DOI]
        assert Source.objects.filter(doi=f"https://www.doi.org/{DOI}").count() == 2
        assert isinstance(Source._meta.get_field("doi"), DoiField)

    def test_curator_may_paste_any_spelling(self) -> None:
        form = SourceForm({"doi": "https://doi-org.proxy.lib.example/10.5555/abc.1"})
        wrong = SourceForm({"doi": "abc"})

        assert not form.is_valid()
        assert form.cleaned_data["doi"] == DOI
        assert "A DOI starts with 10." in str(wrong.errors["doi"])

    def test_stored_spellings_are_repaired_and_their_retraction_is_found(
        self, tmp_path: Path
    ) -> None:
        load_own_dossier()
        key, right = Source.objects.exclude(doi="").values_list("pk", "doi")[0]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE evidence_source SET doi = %s WHERE key = %s",
                [f"https://doi-org.proxy.lib.example/{right}", key],
            )
        migration = importlib.import_module("evidence.migrations.0004_dois_in_one_spelling")
        record = make_work(right.upper(), **{"updated-by": [make_update(doi="10.5555/notice")]})
        file = tmp_path / "works.json"
        file.write_text(json.dumps([record]), encoding="utf-8")

        migration.repair(_PlainApps(), connection.schema_editor())
        with connection.cursor() as cursor:
            cursor.execute("SELECT doi FROM evidence_source WHERE key = %s", [key])
            (stored,) = cursor.fetchone()
        call_command("check_retractions", str(file), verbosity=0)

        assert stored == right
        assert RetractionCheck.objects.get(source_key=key).outcome == "retracted"


class _PlainApps:
    """The models of today: the migration asks for the rows of sources alone."""

    def get_model(self, app: str, name: str) -> object:
        return apps.get_model(app, name)
