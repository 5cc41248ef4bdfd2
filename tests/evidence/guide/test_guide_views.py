"""The page of the guide: what it prints of a release, and what falls with a withdrawn source."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.checks import Error
from django.test import Client

from evidence.ending import Endings
from evidence.guide.checks import check_guide
from evidence.guide.loading import load_guide
from evidence.guide.reading import present_guide, present_pair
from evidence.guide.to_do import guide_sentences
from evidence.loading import load_dossier
from evidence.pages.todo_page import open_todos
from evidence.todo import ToDoKind
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import load_own_dossier, withdraw

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)


@pytest.fixture
def reader(client: Client, therapist: User) -> Client:
    client.force_login(therapist)
    return client


def test_every_sentence_is_printed_with_its_sources(reader: Client) -> None:
    load_own_dossier()

    page = reader.get("/guide/").content.decode()

    for section in load_guide().sections:
        assert section.heading.replace("'", "&#x27;") in page
    view = present_guide(load_guide(), load_dossier(), today=TODAY)
    assert all(one.references for section in view.sections for one in section.sentences)
    assert page.count('id="source-') == len(view.references)
    assert "988" in page


def test_least_certain_source_sets_the_certainty() -> None:
    view = present_guide(load_guide(), load_dossier(), today=TODAY)
    short = next(section for section in view.sections if section.id == "short-answer")

    again = next(one for one in short.sentences if one.say.startswith("Where TMS helped"))
    largest = next(one for one in short.sentences if one.say.startswith("That is not a finding"))

    assert [one.view.source.key for one in again.references] == ["philip-2016"]
    assert again.certainty == "low"
    assert [one.view.source.key for one in largest.references] == [
        "jnj-2025-concomitant-somatic",
        "shanok-2024",
        "best-2019-heliyon",
    ]
    assert largest.certainty == "very_low"


def test_guide_answers_its_question_first(reader: Client) -> None:
    load_own_dossier()

    page = reader.get("/guide/").content.decode()
    section = page.index('<h2 id="short-answer">')
    places = [
        page.index(words)
        for words in (
            "No contraindication of the pair as such was found",
            "That is not a finding of safety",
            "has not been shown",
            "What holds in one patient",
        )
    ]

    assert section < places[0]
    assert places == sorted(places)
    assert min(page.index(f'<h2 id="{one.id}">') for one in load_guide().sections) == section


def test_that_nothing_was_found_has_no_certainty() -> None:
    nothing_found, not_read, *others = present_pair(load_guide(), Endings(load_dossier(), TODAY))

    assert not nothing_found.is_graded
    assert not not_read.is_graded
    assert all(one.is_graded for one in others)


def test_answer_for_a_case_falls_with_its_sources() -> None:
    evidence = load_dossier().with_retracted(frozenset({"shanok-2024"}))

    pair = present_pair(load_guide(), Endings(evidence, TODAY))
    whole = present_guide(load_guide(), evidence, today=TODAY)

    assert [one.standing for one in pair] == ["stands", "stands", "partly", "fallen"]
    assert set(pair) <= {one for section in whole.sections for one in section.sentences}


def test_sentence_falls_with_its_source(reader: Client) -> None:
    load_own_dossier()
    withdraw("kelly-2017")

    page = reader.get("/guide/").content.decode()

    assert "<s>How well the first course worked" in page
    assert "Withdrawn with its sources" in page


def test_comparison_leaves_out_what_is_withdrawn() -> None:
    evidence = load_dossier().with_retracted(frozenset({"dunner-2014"}))

    view = present_guide(load_guide(), evidence, today=TODAY)

    shown = {one.id: one for section in view.sections for one in section.comparisons}
    assert shown["how-long-tms-lasts"].left_out == ("Dunner 2014",)
    assert len(shown["how-long-tms-lasts"].rows) == 3


def test_comparison_of_one_is_none() -> None:
    evidence = load_dossier().with_retracted(frozenset({"popova-2019"}))

    view = present_guide(load_guide(), evidence, today=TODAY)

    shown = {one.id for section in view.sections for one in section.comparisons}
    assert "esketamine-against-placebo" not in shown
    assert "tms-again" in shown


def test_earlier_release_shows_the_guide_as_it_was(reader: Client) -> None:
    load_own_dossier()
    withdraw("kelly-2017")

    page = reader.get("/guide/?release=2026-12").content.decode()

    assert "<s>How well" not in page
    assert "as it was" in page


def test_fallen_sentence_is_left_to_do() -> None:
    load_own_dossier()
    assert list(guide_sentences(load_dossier())) == []
    withdraw("kelly-2017")

    todos = [one for one in open_todos(today=date(2026, 11, 23)) if one.kind is ToDoKind.GUIDE]

    assert len(todos) == 1
    assert "How well the first course worked" in todos[0].sentence


def test_check_names_what_the_dossier_does_not_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    thin = load_dossier().changed(cautions=())
    monkeypatch.setattr("evidence.guide.checks.load_dossier", lambda: thin)

    messages = check_guide(None)

    assert messages
    assert all(isinstance(one, Error) and one.id == "evidence.E002" for one in messages)
    assert any("there is no caution acute-suicidal-intent" in one.msg for one in messages)
