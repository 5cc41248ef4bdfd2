"""What rests on an entry before it is withdrawn: recounted, and shown to the right people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from decisions.cases.decision.withdrawn_evidence import entries_withdrawn_in
from decisions.letters.actions import start_correction
from decisions.letters.models import Letter
from decisions.replay.dependents import resting, without
from decisions.rules.engine.certainty_limits import weigh
from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.curation.actions import save_entry
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind
from evidence.guide.loading import load_guide
from evidence.hooks import resting_on
from evidence.queries import current_evidence
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_signed, sign
from tests.decisions.rules.cases import read_vignettes
from tests.evidence.evidence_factories import load_own_dossier, make_source
from tests.rounds import in_part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def every_name() -> list[Name]:
    evidence = current_evidence()
    sources = [(EntryKind.SOURCE, one.key) for one in evidence.sources]
    return [*sources, *((EntryKind.POSITION, one.id) for one in evidence.positions)]


def citing(name: Name) -> set[str]:
    """The ids of the rules that cite an entry, or a position of a guideline."""
    evidence = current_evidence()
    return {
        rule.id
        for rule in load_edition().rules
        if name[1] in (*rule.evidence, *rule.counter, *rule.positions)
        or name[1] in {evidence.position(one).guideline for one in rule.positions}
    }


def rests(letter: Letter, name: Name) -> bool:
    """Whether withdrawing the entry would withdraw something that the decision cites."""
    outcome = Outcome.model_validate(letter.decision.outcome)
    return bool(entries_withdrawn_in(outcome, without(current_evidence(), frozenset({name}))))


def test_of_each_entry_letters_of_all_clinics_are_counted_and_its_rules_keep_their_weight(
    therapist: User, other_therapist: User
) -> None:
    """Of a quarter of the entries in one round. Both at once, as each is asked for whole."""
    make_decision(therapist, name="Without a letter")
    letters = [make_signed(therapist), make_signed(other_therapist)]
    own = str(letters[0].clinic_id)
    counted = []

    @for_each("name", in_part(every_name(), one_of=4))
    def what_rests_on_it_is_found(name: Name) -> None:
        found = resting(frozenset({name}), own)

        expected = sum(rests(letter, name) for letter in letters)
        counted.append(expected)
        assert found.letters == expected
        assert found.decisions == (3 if expected else 0)
        assert found.own_letters == ((str(letters[0].pk),) if expected else ())
        before, after = current_evidence(), without(current_evidence(), frozenset({name}))
        kept = {one.rule: (one.weight_before, one.weight_after) for one in found.rules}
        rules = {one: load_edition().rule(one) for one in citing(name)}
        assert kept == {one: (weigh(it, before), weigh(it, after)) for one, it in rules.items()}

    what_rests_on_it_is_found()
    assert sum(counted)


def test_who_belongs_to_no_clinic_gets_counts_only(therapist: User) -> None:
    letter = make_signed(therapist)
    name = next(one for one in every_name() if rests(letter, one))

    found = resting(frozenset({name}), None)

    assert (found.letters, found.own_letters) == (1, ())


def test_letter_that_another_replaces_is_not_counted(therapist: User) -> None:
    letter = make_signed(therapist)
    with clinic_of(therapist):
        correction = start_correction(letter=letter, actor=therapist)
        correction.replaces_because = "A wrong phone number."
        correction.save(update_fields=["replaces_because"])
    sign(correction, therapist)
    name = next(one for one in every_name() if rests(letter, one))

    assert resting(frozenset({name}), None).letters == 1


def test_example_patients_are_those_in_whom_a_rule_that_cites_it_is_true() -> None:
    edition, evidence = load_edition(), current_evidence()
    outcomes = {
        one["id"]: decide(edition, Answers.read(edition.questionnaire, one["answers"]), evidence)
        for one in read_vignettes()
    }

    for name in every_name()[::5]:
        after = without(evidence, frozenset({name}))
        cite = {key for key, outcome in outcomes.items() if entries_withdrawn_in(outcome, after)}
        found = resting(frozenset({name}), None)
        assert cite <= set(found.vignettes), name
        assert bool(found.vignettes) <= bool(found.rules), name


def test_several_entries_count_together() -> None:
    names = frozenset(every_name())

    found = resting_on(names, None)

    assert found is not None
    practical = {rule.id for rule in load_edition().rules if rule.is_practical}
    assert all(one.support_after == 0 for one in found.rules)
    assert all(one.weight_after == 0 for one in found.rules if one.rule not in practical)


# The page


def open_page(client: Client, key: str, kind: str = "source") -> str:
    """The page on which this entry is withdrawn."""
    response = client.get(reverse("curation:withdraw", args=[kind, key]))
    assert response.status_code == 200
    return response.content.decode()


def test_page_shows_what_rests_on_it(
    therapist: User, evidence_admin: User, client_for: Callable[[User], Client]
) -> None:
    letter = make_signed(therapist)
    kind, key = next(one for one in every_name() if rests(letter, one))

    page = open_page(client_for(evidence_admin), key, kind=kind.value)

    assert "1 recorded decision and 1 signed letter" in page
    assert str(letter.pk) not in page
    assert "Maren" not in page
    for one in resting(frozenset({(kind, key)}), None).rules:
        assert one.because.split("'")[0].split('"')[0] in page


def test_page_shows_claims_and_sentences_of_the_guide(
    evidence_admin: User, client_for: Callable[[User], Client]
) -> None:
    sentence = next(one for part in load_guide().sections for one in part.sentences if one.sources)

    page = open_page(client_for(evidence_admin), sentence.sources[0])

    assert "Sentence of the guide" in page
    assert sentence.say.split("'")[0] in page


def test_page_says_that_a_draft_bears_nothing(
    evidence_admin: User, client_for: Callable[[User], Client]
) -> None:
    save_entry(
        entry=make_source(key="new-2026"), by=evidence_admin, reason="Found.", was_read="Abstract."
    )

    page = open_page(client_for(evidence_admin), "new-2026")

    assert "new-2026 is not published: nothing rests on it." in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_page_in_browser(
    signed_in_page: Callable[..., Page],
    evidence_admin: User,
    therapist: User,
    fits: Callable[[Page], None],
) -> None:
    letter = make_signed(therapist)
    key = next(key for kind, key in every_name() if rests(letter, (kind, key)))
    page = signed_in_page(evidence_admin)

    page.goto(f"/curation/entries/source/{key}/withdraw/")
    page.get_by_role("heading", name="What rests on it").wait_for()
    fits(page)
