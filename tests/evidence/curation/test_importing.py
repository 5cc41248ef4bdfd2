"""Importing references: kept, looked at, all or nothing; hostile files refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence.curation.actions import save_entry
from evidence.curation.importing import (
    AT_ONCE,
    Chosen,
    ImportRefused,
    import_rows,
    keep_upload,
    preview,
    printable,
)
from evidence.curation.models import Change, ImportFile
from evidence.domain.citation import write_csl, write_ris
from evidence.domain.terms import Kind
from evidence.exchange.work import FileRefused
from evidence.exchange.writing import write_bibtex, write_csv, write_nbib, write_pubmed_xml
from evidence.loading import load_dossier
from evidence.models import Source
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.evidence.evidence_factories import curators, load_own_dossier, make_source

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]

NEW = make_source(
    key="new-2026",
    title="A study that nobody has here",
    authors=("Neu A", "Novak B"),
    year=2026,
    doi="10.1000/new.2026",
    pmid="12345678",
    journal="Journal of Tests",
)
OTHER = make_source(
    key="other-2025", title="Another that is new", authors=("Other C",), year=2025, doi="10.1000/o"
)
WRITERS = (write_ris, write_bibtex, write_nbib, write_pubmed_xml, write_csl, write_csv)


def keep(text: str | bytes, name: str = "refs.ris") -> ImportFile:
    content = text if isinstance(text, bytes) else text.encode()
    return keep_upload(name=name, content=content, by=curators()[0])


def take(kept: ImportFile, *rows: int, **changes: Any) -> list[str]:
    keys = preview(kept).keys
    chosen = [
        Chosen(**{"row": row, "key": keys.get(row, "no-key"), "kind": Kind.RCT, **changes})
        for row in rows
    ]
    return import_rows(kept=kept, chosen=chosen, by=curators()[0], reason="For the review.")


@for_each("write", WRITERS, undone=True)
def test_reference_in_every_format_becomes_a_draft_that_nobody_read(write: Any) -> None:
    load_own_dossier()

    (key,) = take(keep(write([NEW])), 1)

    made = Source.objects.get(pk=key)
    assert (made.title, made.year, made.verified) == (NEW.title, 2026, "unverified")
    change = Change.objects.get(entry_key=key)
    assert (change.state, change.action) == ("draft", "add")
    assert change.steps.get().reason == "For the review."


def test_duplicates_are_found_by_doi_pmid_and_title() -> None:
    load_own_dossier()
    known = load_dossier().source("philip-2016")
    by_doi = make_source(title="Otherwise", doi=f"https://doi.org/{str(known.doi).upper()}")
    by_pmid = make_source(title="Otherwise still", pmid=known.pmid)
    by_title = make_source(title=str(known.title).upper(), year=known.year)

    shown = preview(keep(write_ris([by_doi, by_pmid, by_title, NEW, NEW])))

    assert {row: (one.by, one.key) for row, one in shown.duplicates.items() if row < 5} == {
        1: ("DOI", "philip-2016"),
        2: ("PubMed id", "philip-2016"),
        3: ("title", "philip-2016"),
    }
    assert shown.duplicates[5].other_row == 4


def test_one_bad_row_and_nothing_is_written() -> None:
    load_own_dossier()
    before = Source.objects.count()
    kept = keep(write_ris([NEW, OTHER]))

    with pytest.raises(ImportRefused) as refused:
        import_rows(
            kept=kept,
            chosen=[
                Chosen(row=1, key="new-2026", kind=Kind.RCT),
                Chosen(row=2, key="philip-2016", kind=Kind.RCT),
            ],
            by=curators()[0],
            reason="Why not.",
        )

    assert refused.value.rows == {2: "The key philip-2016 is taken. Choose another."}
    assert Source.objects.count() == before
    assert not Change.objects.exists()


def test_database_that_fails_in_the_middle_leaves_nothing(monkeypatch: Any) -> None:
    load_own_dossier()
    kept, before = keep(write_ris([NEW, OTHER])), Source.objects.count()

    def fails_at_the_second(**fields: Any) -> Any:
        if fields["entry"].title == OTHER.title:
            raise DatabaseError("gone")
        return save_entry(**fields)

    monkeypatch.setattr("evidence.curation.importing.save_entry", fails_at_the_second)
    with pytest.raises(DatabaseError):
        take(kept, 1, 2)

    kept.refresh_from_db()
    assert Source.objects.count() == before
    assert kept.finished_at is None


def test_import_twice_makes_one() -> None:
    load_own_dossier()
    kept = keep(write_ris([NEW]))

    first, second = take(kept, 1), import_rows(kept=kept, chosen=[], by=curators()[0], reason="x")

    assert first == second
    assert Change.objects.count() == 1
    kept.refresh_from_db()
    assert kept.content is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": "Not A Key"}, "small letters"),
        ({"row": 9}, "no such row"),
    ],
)
def test_row_that_cannot_be_is_told(changes: dict[str, Any], words: str) -> None:
    load_own_dossier()

    with pytest.raises(ImportRefused) as refused:
        take(keep(write_ris([NEW])), 1, **changes)

    assert words in next(iter(refused.value.rows.values()))


def test_two_rows_with_one_key_are_told() -> None:
    load_own_dossier()

    with pytest.raises(ImportRefused) as refused:
        take(keep(write_ris([NEW, OTHER])), 1, 2, key="same-key")

    assert list(refused.value.rows) == [2]


def test_nothing_chosen_is_told() -> None:
    with pytest.raises(ImportRefused, match="at least one"):
        take(keep(write_ris([NEW])))


def test_too_many_are_refused() -> None:
    many = [make_source(title=f"Study number {number}") for number in range(AT_ONCE + 1)]

    with pytest.raises(FileRefused, match=f"at most {AT_ONCE}"):
        keep(write_ris(many))


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("refs.ris", write_ris([NEW]))
    return out.getvalue()


ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
BOMB = (
    f'<!DOCTYPE a [<!ENTITY a "lol">{ENTITIES}]><PubmedArticleSet>&i;</PubmedArticleSet>'.encode()
)
HOSTILE = {
    "nothing": b"",
    "spaces": b"  \n ",
    "zip": zipped(),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "latin-1": "TY  - JOUR\nTI  - Höffken\nER  - \n".encode("latin-1"),
    "NUL": b"TY  - JOUR\nTI  - a\x00b\nER  - \n",
    "bomb": BOMB,
    "outside entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "outside DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd" [<!ELEMENT a ANY>]><a/>',
    "deep JSON": b"[" * 100_000,
    "no JSON": b'{"title": ',
    "cut off RIS": b"TY  - JOUR\nTI  - x\n",
    "html": b"<html><script>alert(1)</script></html>",
    "one column": b"title\nA study\n",
}


@for_each("content", HOSTILE.values(), ids=HOSTILE, undone=True)
def test_hostile_file_is_refused_with_a_sentence(client_for: Clients, content: bytes) -> None:
    client = client_for(curators()[0])
    file = SimpleUploadedFile("refs.ris", content)

    page = client.post(reverse("curation:imports"), {"file": file})

    assert page.status_code == 422
    (problem,) = page.context["form"].errors["file"]
    assert str(problem).endswith(".")
    assert not ImportFile.objects.exists()


def test_file_past_the_limit_is_refused(client_for: Clients) -> None:
    file = SimpleUploadedFile("refs.ris", b"x" * (10 * 1024 * 1024 + 1))

    page = client_for(curators()[0]).post(reverse("curation:imports"), {"file": file})

    assert "larger than 10 MB" in page.content.decode()


class NeverRead(io.RawIOBase):
    """A body that says when somebody reads it."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


def test_declared_hundred_megabytes_are_refused_unread(client_for: Clients) -> None:
    client = client_for(curators()[0])

    page = client.generic(
        "POST",
        reverse("curation:imports"),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
        **{"wsgi.input": NeverRead()},  # type: ignore[arg-type]
    )

    assert page.status_code == 413
    assert "Nothing of it was read or kept" in page.content.decode()


@for_each(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\refs.ris", "refs.ris"),
        ("a\u202esir.exe", "asir.exe"),
        ("line\nbreak.ris", "linebreak.ris"),
        ("<b>.ris", "<b>.ris"),
    ],
)
def test_name_of_a_file_is_text(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_markup_in_a_reference_is_shown_as_text(client_for: Clients) -> None:
    load_own_dossier()
    kept = keep(write_ris([make_source(title="<script>alert(1)</script> =1+1")]), "<b>.ris")

    page = client_for(curators()[0]).get(address(kept)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;.ris" in page


def address(kept: ImportFile) -> str:
    return reverse("curation:import", args=[kept.pk])


def test_formula_is_kept_as_text_and_told() -> None:
    shown = preview(keep(write_csv([make_source(title="=1+1 study")]), "refs.csv"))

    assert any("formula" in note for note in shown.read.entries[0].notes)


def test_columns_of_a_table_can_be_told(client_for: Clients) -> None:
    load_own_dossier()
    kept = keep("Titel;Jahr;Autoren\nA new study;2024;Neu A\n", "refs.csv")
    client = client_for(curators()[0])
    assert preview(kept).keys == {}

    client.post(
        address(kept),
        {"map": "1", "column-0": "title", "column-1": "year", "column-2": "authors"},
    )

    kept.refresh_from_db()
    assert preview(kept).keys == {1: "neu-2024"}


def test_from_upload_to_drafts_by_form(client_for: Clients) -> None:
    load_own_dossier()
    client = client_for(curators()[0])
    text = write_ris([NEW, load_dossier().source("philip-2016")])
    file = SimpleUploadedFile("refs.ris", text.encode())

    sent = client.post(reverse("curation:imports"), {"file": file})
    page = client.get(sent["Location"]).content.decode()
    fields = {"row1-take": "on", "row1-key": "neu-2026", "row1-kind": "", "row2-key": "x"}
    without_kind = client.post(sent["Location"], {**fields, "reason": "Kept words"})
    done = client.post(
        sent["Location"], {**fields, "row1-kind": "rct", "reason": "New."}, follow=True
    )

    assert "Here already:" in page
    assert "Choose its kind." in without_kind.content.decode()
    assert "Kept words" in without_kind.content.decode()
    assert "neu-2026" in done.content.decode()
    assert Source.objects.filter(pk="neu-2026").exists()
    assert Event.objects.filter(action="evidence_import.finished", reason="neu-2026").exists()


def test_one_kind_for_all_rows_that_have_none(client_for: Clients) -> None:
    load_own_dossier()
    kept, client = keep(write_ris([NEW, OTHER])), client_for(curators()[0])
    typed = {
        f"row{row}-{name}": value
        for row in (1, 2)
        for name, value in {"take": "on", "key": f"new-{row}", "kind": ""}.items()
    }
    typed |= {"row2-kind": "cohort", "reason": "Kept words"}

    refused = client.post(address(kept), {**typed, "fill": "on"})
    page = client.post(address(kept), {**typed, "fill": "on", "all_kind": "rct"})

    assert "Choose a kind for all rows without one." in refused.content.decode()
    kinds = [line.form["kind"].value() for line in page.context["lines"] if line.form]
    assert kinds == ["rct", "cohort"]
    assert "Kept words" in page.content.decode()
    assert not Source.objects.filter(pk="new-1").exists()


def test_import_of_another_person_is_not_found(client_for: Clients) -> None:
    kept = keep(write_ris([NEW]))

    assert client_for(curators()[1]).get(address(kept)).status_code == 404
    page = client_for(curators()[1]).get(reverse("curation:imports"))
    assert "refs.ris" not in page.content.decode()


def test_therapist_imports_nothing(therapist: User, client_for: Clients) -> None:
    page = client_for(therapist).get(reverse("curation:imports"))

    assert page.status_code in (302, 403)


def test_import_that_nobody_finished_is_forgotten() -> None:
    old = keep(write_ris([NEW]))
    ImportFile.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=15))

    keep(write_ris([OTHER]))

    assert not ImportFile.objects.filter(pk=old.pk).exists()


def test_work_that_came_meanwhile_is_told_before_it_is_there_twice() -> None:
    load_own_dossier()
    first, second = keep(write_ris([NEW])), keep(write_ris([NEW]))
    take(first, 1)

    with pytest.raises(ImportRefused) as refused:
        take(second, 1, key="another-key")

    assert "It is here by now as" in refused.value.rows[1]


def test_duplicate_that_was_shown_can_be_taken() -> None:
    load_own_dossier()
    kept = keep(write_ris([load_dossier().source("philip-2016")]))

    assert take(kept, 1, key="philip-again", duplicate_of="philip-2016") == ["philip-again"]


def test_retracted_work_is_told() -> None:
    text = "TY  - JOUR\nM3  - Retracted Publication\nTI  - A study\nER  - \n"

    assert "marked as retracted" in preview(keep(text)).read.entries[0].notes[0]


def test_what_was_not_read_is_named_and_what_was_taken_back_is_not_chosen(
    client_for: Clients,
) -> None:
    load_own_dossier()
    known = load_dossier().source("philip-2016")
    ris = "TY  - JOUR\nTI  - {}\nPY  - {}\nER  - \n".format
    text = ris(f"RETRACTED: {known.title}", known.year) + ris("WITHDRAWN: New", 2020)
    kept = keep(f"1.\n{text}TY  - JOUR\nTI  - Cut off\n")

    page = client_for(curators()[0]).get(address(kept)).content.decode()

    assert "3 references begin in this file, 2 were read." in page
    assert "<li>Line 10: The reference “Cut off” has no end (ER)" in page
    assert "philip-2016, by title" in page
    assert page.count("It is marked as retracted or withdrawn") == 2
    assert 'name="row2-take"' in page
    assert "checked" not in page


def test_signs_that_turn_text_are_taken_out() -> None:
    entry = preview(keep("TY  - JOUR\nTI  - A\u202e study\u200b here\nER  - \n")).read.entries[0]

    assert entry.title == "A study here"


def test_address_of_no_import_is_404_with_an_audit_row(client_for: Clients) -> None:
    page = client_for(curators()[0]).get(f"/curation/imports/{uuid4()}/")

    assert page.status_code == 404
    assert Event.objects.filter(action="evidence_import.read", outcome="refused").exists()


def test_mapping_that_cannot_be_is_told(client_for: Clients) -> None:
    load_own_dossier()
    kept = keep("Titel;Jahr\nA new study;2024\n", "refs.csv")

    page = client_for(curators()[0]).post(
        address(kept), {"map": "1", "column-0": "nonsense", "column-1": "year"}, follow=True
    )

    assert "Choose a field of the list" in page.content.decode()


def test_abstract_is_seen_by_curators_before_and_after_and_goes_into_no_source(
    client_for: Clients,
) -> None:
    load_own_dossier()
    said = "Nobody <b>had</b> seen this before."
    kept = keep(f"TY  - JOUR\nTI  - New\nAU  - Neu, A\nPY  - 2026\nAB  - {said}\nER  - \n")
    client = client_for(curators()[0])

    before = client.get(reverse("curation:import", args=[kept.pk])).content.decode()
    (key,) = take(kept, 1)
    entry = client.get(reverse("curation:entry", args=["source", key])).content.decode()
    change = client_for(curators()[1]).get(
        reverse("curation:change", args=[Change.objects.get(entry_key=key).pk])
    )

    shown = "Nobody had seen this before."
    assert all(shown in page for page in (before, entry, change.content.decode()))
    assert "refs.ris had it" in entry
    assert "had seen this" not in client.get(f"/evidence/{key}/").content.decode()
    other = client.get(reverse("curation:entry", args=["source", "philip-2016"]))
    assert "<summary>Abstract" not in other.content.decode()
