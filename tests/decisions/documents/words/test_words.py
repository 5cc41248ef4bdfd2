"""The words of an edition: files of their own, under a hash of their own, recorded where used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.cases.checks import check_words_of_editions
from decisions.cases.models import Case, Decision
from decisions.documents.digest import words_sha256
from decisions.documents.letter.compose import compose_letter
from decisions.documents.letter.loading import load_words
from decisions.documents.words.reading import (
    LABELS,
    PAGES,
    WordsRefused,
    labels_of,
    lists_of,
    result_words,
)
from decisions.rules import loading
from decisions.rules.loading import file_of_words, folder_of, load_edition
from decisions.rules.question_names import question_names
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.letter_factories import material
from tests.decisions.letters.stored_letters import make_decision, make_signed
from tests.decisions.live_editions import EARLIER, LATER, Files, change_file

Live = Callable[[Files], Path]
Clients = Callable[[User], Client]
FIRST = "2026.1"
"""The edition that was released before words had files of their own."""


def own_pages(**changed: dict[str, str]) -> Files:
    """words.yaml of the later edition: the shared one with some words changed."""

    def change(raw: dict[str, Any]) -> None:
        shared = result_words(EARLIER).model_dump(mode="json")
        raw.update({**shared, "edition": LATER})
        for field, words in changed.items():
            raw[field] = {**shared[field], **words}

    return {PAGES: change}


def test_2026_1_takes_its_words_from_the_shared_files() -> None:
    assert file_of_words(FIRST, PAGES).parent == loading.FALLBACK
    assert file_of_words(FIRST, "letter.yaml").parent == folder_of(FIRST)
    assert lists_of(FIRST, own=False)["events"]["seizure"] == "Seizure"
    assert labels_of(FIRST) == {}
    assert list(check_words_of_editions(None)) == []


def test_sealed_files_of_2026_1_are_as_they_were_released() -> None:
    assert load_edition(FIRST).sha256 == (
        "c42d9adc929c4b2ce863ac4385b758bbee28067d2b581c2a8e4bb077d3eda65b"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "change"),
    [
        *own_pages(options={"both": "The pair"}).items(),
        (LABELS, lambda raw: raw.update(edition=LATER, labels={"diagnosis": {"mdd": "MDD"}})),
        ("medicines.yaml", lambda raw: raw.update(edition=LATER, entries={"ssri": "an SSRI"})),
        ("events.yaml", lambda raw: raw.update(edition=LATER, entries={"fall": "A fall"})),
        ("letter.yaml", lambda raw: raw.update(unproven="experimental")),
        ("question_names.yaml", lambda raw: raw["names"].update(diagnosis="The diagnosis")),
        ("plan.yaml", lambda raw: raw.update(custom="Custom.")),
    ],
)
def test_each_file_of_words_counts_in_the_second_hash_alone(
    live: Live,
    file: str,
    change: Callable[[Any], Any],
) -> None:
    live({})
    before = words_sha256(LATER), load_edition(LATER).sha256
    change_file(folder_of(LATER), file, change)

    assert words_sha256(LATER) != before[0]
    assert load_edition(LATER).sha256 == before[1]


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        (PAGES, lambda raw: raw.update(edition=EARLIER), "write edition 2026.99"),
        (PAGES, lambda raw: raw["options"].pop("both"), "both"),
        (PAGES, lambda raw: raw["effects"].update(surprise="x"), "surprise"),
        (PAGES, lambda raw: raw.update(colours={}), "colours"),
        (LABELS, lambda raw: raw["labels"].update(nobody={"a": "b"}), "nobody"),
        (LABELS, lambda raw: raw["labels"].update(diagnosis={"flu": "flu"}), "flu"),
    ],
)
def test_odd_words_are_refused_with_their_place(
    live: Live,
    file: str,
    change: Callable[[Any], Any],
    told: str,
) -> None:
    live({**own_pages(), LABELS: lambda raw: raw.update(edition=LATER, labels={})})
    change_file(folder_of(LATER), file, change)

    with pytest.raises(WordsRefused, match=told):
        result_words(LATER) if file == PAGES else labels_of(LATER)


def test_letter_that_calls_an_option_otherwise_fails_the_check(live: Live) -> None:
    live(own_pages(options={"both": "The pair"}))

    [error] = check_words_of_editions(None)

    assert error.id == "words.E001"
    assert "The pair" in str(error.msg)
    assert LATER in str(error.msg)


def test_letter_says_a_value_by_the_label_of_its_edition(live: Live) -> None:
    labels = {"diagnosis": {"mdd": "recurrent depression"}}
    live({LABELS: lambda raw: raw.update(edition=LATER, labels=labels)})

    early, late = (
        compose_letter(
            edition=load_edition(EARLIER),
            words=load_words(edition_id),
            names=question_names(edition_id),
            material=material(),
        )
        for edition_id in (EARLIER, LATER)
    )

    assert ("recurrent depression" in str(early.texts), "MDD" in str(early.texts)) == (False, False)
    assert any("Recurrent depression, recurrent, with anxious" in one for one in late.texts)


@pytest.mark.django_db
def test_decision_and_letter_record_the_hash_of_their_words(therapist: User) -> None:
    letter = make_signed(therapist)

    assert letter.words_sha256 == words_sha256(EARLIER)
    assert letter.decision.words_sha256 == words_sha256(EARLIER)


@pytest.mark.django_db
def test_earlier_decision_says_that_its_words_were_not_recorded(
    therapist: User, client_for: Clients
) -> None:
    decision = make_decision(therapist)
    without = recorded_before(decision, therapist)
    client = client_for(therapist)

    pages = [page_of(client, one) for one in (decision, without)]

    assert f"words ({str(decision.words_sha256)[:12]})" in pages[0]
    assert "words not recorded" in pages[1]


def recorded_before(decision: Decision, therapist: User) -> Decision:
    """The same decision as it was recorded before words had a hash."""
    with clinic_of(therapist):
        fields = {one.attname: getattr(decision, one.attname) for one in Decision._meta.fields}
        changed = {"id": uuid4(), "number": decision.number + 1, "words_sha256": None}
        return Decision.objects.create(**{**fields, **changed})


def page_of(client: Client, decision: Decision) -> str:
    url = reverse("cases:decision_record", args=[decision.case_id, decision.number])
    return client.get(url).content.decode()


@pytest.mark.django_db
def test_each_page_says_the_words_of_its_own_edition(
    live: Live,
    therapist: User,
    client_for: Clients,
) -> None:
    live(own_pages(options={"both": "The pair"}))
    early, late = make_case(therapist), make_case(therapist)
    with scopes_disabled():
        Case.objects.filter(pk=late.pk).update(edition=LATER)
    client = client_for(therapist)

    pages = {
        case.pk: client.get(reverse("cases:decision", args=[case.pk])).content.decode()
        for case in (early, late)
    }

    assert ("Both at once" in pages[early.pk], "The pair" in pages[early.pk]) == (True, False)
    assert "The pair" in pages[late.pk]
    assert f"Edition {EARLIER}" in pages[early.pk]
    assert f"Edition {LATER}" in pages[late.pk]
    assert f"Edition {LATER}" not in pages[early.pk]
