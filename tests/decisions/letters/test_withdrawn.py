"""Evidence withdrawn after a decision: nothing is signed on it, and what was signed stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page, ViewportSize

from decisions.letters.actions import start_correction, use_newest_decision
from decisions.letters.models import Letter
from decisions.letters.signing.actions import LetterIncompleteError
from decisions.rules.engine.outcomes import Outcome, PositionCitation
from evidence.domain.terms import EntryKind
from evidence.queries import current_evidence
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import decide_case, make_draft, make_signed, sign
from tests.evidence.evidence_factories import load_own_dossier, withdraw

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db

NOTICE = "was withdrawn since"


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def cited_key(letter: Letter) -> str:
    """A source that the letter's decision rests on."""
    outcome = Outcome.model_validate(letter.decision.outcome)
    return next(
        one.key
        for option in outcome.options.values()
        for reason in option.favour
        for one in reason.evidence
    )


def cited_position(letter: Letter) -> PositionCitation:
    """A guideline position that the letter's decision rests on, of a guideline cited so only."""
    outcome = Outcome.model_validate(letter.decision.outcome)
    return next(
        one
        for option in outcome.options.values()
        for reason in (*option.favour, *option.against, *option.notes)
        for one in reason.positions
    )


def test_draft_on_withdrawn_evidence_is_not_signed(therapist: User) -> None:
    draft = make_draft(therapist)
    key = cited_key(draft)
    withdraw(key)

    with pytest.raises(LetterIncompleteError) as refused:
        sign(draft, therapist)

    [missing] = refused.value.missing
    assert missing.id == "withdrawn"
    assert current_evidence().source(key).label in missing.label


@pytest.mark.parametrize("kind", [EntryKind.SOURCE, EntryKind.POSITION])
def test_draft_on_a_withdrawn_guideline_or_position_is_not_signed(
    therapist: User, kind: EntryKind
) -> None:
    draft = make_draft(therapist)
    cited = cited_position(draft)
    withdraw(cited.guideline if kind is EntryKind.SOURCE else cited.id, kind=kind)

    with pytest.raises(LetterIncompleteError) as refused:
        sign(draft, therapist)

    assert [one.id for one in refused.value.missing] == ["withdrawn"]


def test_draft_is_signed_once_the_case_is_decided_anew(therapist: User) -> None:
    draft = make_draft(therapist)
    withdraw(cited_key(draft))
    decide_case(draft.case, therapist)
    with clinic_of(therapist):
        use_newest_decision(letter=draft, actor=therapist)
        draft.refresh_from_db()

    assert sign(draft, therapist).is_signed


def test_signed_letter_stays_and_says_so(therapist: User, staff: User, client_for: Clients) -> None:
    letter = make_signed(therapist)
    before = bytes(letter.pdf or b"")

    withdraw(cited_key(letter), reason="Data withdrawn by its authors.")

    with scopes_disabled():
        assert bytes(Letter.objects.get(pk=letter.pk).pdf or b"") == before
    places = [
        (therapist, reverse("letters:letter", args=[letter.case_id, letter.pk])),
        (therapist, reverse("cases:case", args=[letter.case_id])),
        (therapist, reverse("cases:decision_record", args=[letter.case_id, 1])),
        (staff, reverse("letters:detail", args=[letter.pk])),
    ]
    for reader, address in places:
        page = client_for(reader).get(address).content.decode()
        assert NOTICE in page, address
        assert "Data withdrawn by its authors." in page, address


def test_other_withdrawals_say_nothing(therapist: User, client_for: Clients) -> None:
    letter = make_signed(therapist)
    cited = str(letter.decision.outcome)
    other = next(one.key for one in current_evidence().sources if f"'{one.key}'" not in cited)

    withdraw(other)

    page = client_for(therapist).get(reverse("cases:case", args=[letter.case_id]))
    assert NOTICE not in page.content.decode()


@pytest.mark.both_databases
def test_affected_letters_are_listed_for_their_clinic_only(
    therapist: User, staff: User, other_therapist: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    before = client_for(staff).get(reverse("desk:queue")).content.decode()
    withdraw(cited_key(letter), reason="Data withdrawn by its authors.")
    address = reverse("letters:on_withdrawn")

    listed = client_for(staff).get(address).content.decode()
    elsewhere = client_for(other_therapist).get(address).content.decode()
    after = client_for(staff).get(reverse("desk:queue")).content.decode()

    assert letter.number in listed
    assert "Data withdrawn by its authors." in listed
    assert letter.number not in elsewhere
    assert "No signed letter rests on withdrawn evidence." in elsewhere
    assert address not in before
    assert address in after


@pytest.mark.both_databases
def test_withdrawn_position_alone_leads_to_the_list(
    therapist: User, staff: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    withdraw(cited_position(letter).id, kind=EntryKind.POSITION)

    queue = client_for(staff).get(reverse("desk:queue")).content.decode()
    listed = client_for(staff).get(reverse("letters:on_withdrawn")).content.decode()

    assert reverse("letters:on_withdrawn") in queue
    assert letter.number in listed


def test_replaced_letter_leaves_the_list(therapist: User, client_for: Clients) -> None:
    letter = make_signed(therapist)
    withdraw(cited_key(letter))
    decide_case(letter.case, therapist)
    with clinic_of(therapist):
        correction = start_correction(letter=letter, actor=therapist)
        correction.replaces_because = "Evidence was withdrawn."
        correction.save(update_fields=["replaces_because"])
    sign(correction, therapist)

    page = client_for(therapist).get(reverse("letters:on_withdrawn")).content.decode()

    assert "No signed letter rests on withdrawn evidence." in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_list_in_browser(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    letter = make_signed(therapist)
    withdraw(cited_key(letter))
    page = signed_in_page(therapist)

    for address in (
        reverse("letters:on_withdrawn"),
        reverse("letters:letter", args=[letter.case_id, letter.pk]),
    ):
        page.set_viewport_size(ViewportSize(width=1280, height=800))
        page.goto(address)
        axe(page)
        page.set_viewport_size(ViewportSize(width=320, height=800))
        reflows(page)
        axe(page)
