"""A rule that has ended: the letter and the pages say so beside what rests on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from decisions.letters.models import Letter
from decisions.rules.engine.outcomes import Outcome
from evidence.curation.release_actions import load_evidence
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.decisions.letters.letter_factories import compose, material, vignettes
from tests.decisions.letters.stored_letters import make_draft, make_signed
from tests.evidence.evidence_factories import load_own_dossier, with_source

Clients = Callable[[User], Client]
SAYS = "this rule has ended; check: valid until 31 January 2020"
PAST = date(2020, 1, 31)


def test_letter_says_it_beside_each_sentence_that_rests_on_it() -> None:
    letter = compose(material(ended={"philip-2016": SAYS}))

    table = letter.block("options").table
    assert table is not None
    assert f"({SAYS}) [" in table.rows[1][2]
    assert SAYS in " ".join(letter.block("sources").texts)
    assert SAYS not in "\n".join(compose(material()).texts)


def test_letter_says_it_beside_what_comes_first() -> None:
    answers = {**vignettes()["responder-relapsed"], "life_threatening": "yes"}

    letter = compose(material(answers, ended={"rogers-2023-catatonia": SAYS}))

    first = letter.emergency[0]
    assert first.strong
    assert f"({SAYS})" in first.text


def end_what_the_letter_rests_on(letter: Letter) -> None:
    outcome = Outcome.model_validate(letter.decision.outcome)
    keys = {
        one.key
        for option in outcome.options.values()
        for reason in option.favour
        for one in reason.evidence
    }
    evidence = load_dossier()
    for key in keys:
        evidence = with_source(evidence, key, valid_until=PAST)
    load_evidence(evidence=evidence)


@pytest.mark.django_db
def test_draft_says_it_once_the_day_is_past(therapist: User, client_for: Clients) -> None:
    load_own_dossier()
    draft = make_draft(therapist)
    address = reverse("letters:letter", args=[draft.case_id, draft.pk])
    assert SAYS not in client_for(therapist).get(address).content.decode()

    end_what_the_letter_rests_on(draft)

    assert SAYS in client_for(therapist).get(address).content.decode()


@pytest.mark.django_db
def test_signed_letter_stays_and_its_pages_say_it(therapist: User, client_for: Clients) -> None:
    load_own_dossier()
    letter = make_signed(therapist)

    end_what_the_letter_rests_on(letter)

    page = client_for(therapist).get(reverse("letters:detail", args=[letter.pk])).content.decode()
    assert "Something that this letter rests on has ended." in page
    assert SAYS not in page


@pytest.mark.django_db
def test_recorded_decision_says_it_beside_its_reasons(therapist: User, client_for: Clients) -> None:
    load_own_dossier()
    letter = make_signed(therapist)
    decision = letter.decision
    address = reverse("cases:decision_record", args=[letter.case_id, decision.number])
    words = "This rule has ended; check. It was valid until 31 January 2020."
    assert words not in client_for(therapist).get(address).content.decode()

    end_what_the_letter_rests_on(letter)

    assert words in client_for(therapist).get(address).content.decode()
