"""Whom a letter is for: from the directory, as it is on the day of signing (S-62, L-01)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from decisions.care_team.actions import add_member
from decisions.letters.actions import start_letter
from decisions.letters.models import Letter
from decisions.letters.recipients import choose_recipient, likely_recipients
from decisions.letters.signing.actions import (
    LetterIncompleteError,
    LetterNotConfirmedError,
    sign_letter,
)
from decisions.letters.signing.confirming import Confirmation
from kapnet.core.audit.models import Event
from kapnet.core.directory.actions import save_colleague, save_site, switch_site
from kapnet.core.directory.models import Site
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import fingerprint_of, make_decision, make_draft, sign
from tests.factories import PASSWORD
from tests.kapnet.core.directory.directory_factories import REACHED, make_site

Clients = Callable[[User], Client]
Check = Callable[[Page], None]
pytestmark = pytest.mark.django_db


def url(letter: Letter) -> str:
    return reverse("letters:recipient", args=[letter.case_id, letter.pk])


def stored(letter: Letter) -> Letter:
    with scopes_disabled():
        return Letter.objects.select_related("recipient_site__colleague").get(pk=letter.pk)


def addressed(therapist: User, site: Site, **values: Any) -> Letter:
    """A draft to a site of the directory."""
    letter = make_draft(therapist, **values)
    with clinic_of(therapist):
        choose_recipient(letter=letter, actor=therapist, site=site)
    return stored(letter)


def sign_confirming(letter: Letter, therapist: User, *confirmed: Confirmation) -> Letter:
    seen = fingerprint_of(letter, therapist)
    with clinic_of(therapist):
        return sign_letter(
            letter_id=letter.pk,
            actor=therapist,
            fingerprint=seen,
            confirmed=confirmed or (Confirmation.TREATMENT,),
        )


def test_site_of_the_directory_is_chosen(therapist: User, staff: User, client_for: Clients) -> None:
    site, letter = make_site(staff), make_draft(therapist)

    client_for(therapist).post(url(letter), {"site": site.pk})

    assert stored(letter).recipient_site == site
    assert stored(letter).recipient == "Harbor TMS Center, Dr. D. Beispiel"
    assert Event.objects.filter(action="letter.recipient_chosen").count() == 1


def test_l01_head_names_recipient_with_profession_license_and_reply_route(
    therapist: User, staff: User
) -> None:
    about = {"is_tms_provider": True, "profession": "psychiatrist", "license_number": "NPI 1"}
    letter = addressed(therapist, make_site(staff, colleague=about))

    head = str(sign_confirming(letter, therapist).content["recipient"])

    for part in ("Harbor TMS Center", "Dr. D. Beispiel, psychiatrist", "NPI 1", "555-0111"):
        assert part in head
    assert "fax 555-0121" in head


def test_directory_is_read_again_at_signing(therapist: User, staff: User) -> None:
    site = make_site(staff)
    letter = addressed(therapist, site)
    with clinic_of(staff):
        save_site(
            site=site, actor=staff, values={**REACHED, "phone": "555-0999"}, saved_at=site.saved_at
        )

    with pytest.raises(LetterNotConfirmedError):
        sign_confirming(letter, therapist)
    signed = sign_confirming(letter, therapist, Confirmation.NOT_VERIFIED, Confirmation.TREATMENT)

    assert signed.recipient_phone == "555-0999"
    assert "555-0999" in str(signed.content)


def test_tick_about_a_recipient_does_not_outlive_a_change_of_their_details(
    therapist: User, staff: User, client_for: Clients
) -> None:
    site = make_site(staff, verified=False)
    letter, client = addressed(therapist, site), client_for(therapist)

    def ticks() -> set[str]:
        html = client.get(reverse("letters:letter", args=[letter.case_id, letter.pk]))
        return set(re.findall(r'id="(of-[^"]+)" hx-preserve', html.content.decode()))

    seen = ticks()
    with clinic_of(staff):
        values = {**REACHED, "phone": "555-0999"}
        save_site(site=site, actor=staff, values=values, saved_at=site.saved_at)
    changed = ticks()
    with clinic_of(staff):
        colleague = site.colleague
        save_colleague(
            colleague=colleague,
            actor=staff,
            values={"name": "Dr. D. Other"},
            saved_at=colleague.saved_at,
        )
    renamed = ticks()

    assert len(seen) == 2
    assert len(seen | changed | renamed) == 6
    assert all(re.fullmatch(r"[\w-]+", one) for one in seen), "found by a selector"


def test_s62_recipient_by_hand_needs_a_second_confirmation_and_is_logged(therapist: User) -> None:
    letter = make_draft(therapist)

    with pytest.raises(LetterNotConfirmedError):
        sign_confirming(letter, therapist)
    sign_confirming(letter, therapist, Confirmation.BY_HAND)

    assert Event.objects.filter(action="letter.recipient_by_hand").count() == 1


@pytest.mark.parametrize(
    ("values", "needs"),
    [
        ({}, ()),
        ({"verified": False}, (Confirmation.NOT_VERIFIED,)),
        ({"accepts_referrals": "no"}, (Confirmation.NO_REFERRALS,)),
    ],
)
def test_s62_doubt_about_a_site_is_confirmed(
    therapist: User, staff: User, values: dict[str, Any], needs: tuple[Confirmation, ...]
) -> None:
    letter = addressed(therapist, make_site(staff, **values))

    if needs:
        with pytest.raises(LetterNotConfirmedError):
            sign_confirming(letter, therapist)
    assert sign_confirming(letter, therapist, *needs, Confirmation.TREATMENT).is_signed


def test_s62_page_asks_for_the_confirmation(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist)
    data = {"password": PASSWORD, "fingerprint": fingerprint_of(letter, therapist)}

    address = reverse("letters:sign", args=[letter.case_id, letter.pk])
    response = client_for(therapist).post(address, data)

    assert response.status_code == 422
    assert "Tick: I have checked the recipient" in response.content.decode()
    assert not stored(letter).is_signed


def test_deactivated_site_blocks_signing(therapist: User, staff: User) -> None:
    site = make_site(staff)
    letter = addressed(therapist, site)
    with clinic_of(staff):
        switch_site(site=site, actor=staff, is_active=False)

    with pytest.raises(LetterIncompleteError, match="the directory no longer has this one"):
        sign(letter, therapist)


def test_letter_starts_with_the_care_team(therapist: User, staff: User) -> None:
    decision, site = make_decision(therapist), make_site(staff)
    lead = make_site(staff, name="Dr. Lead")
    with clinic_of(therapist):
        add_member(case=decision.case, actor=therapist, site=site, part="tms_provider")
        add_member(case=decision.case, actor=therapist, site=lead, part="coordinator")
        letter = start_letter(case=decision.case, actor=therapist, decision=decision)

    assert letter.recipient_site == site
    assert (letter.coordinator_name, letter.coordinator_phone) == ("Dr. Lead", "555-0111")


def test_two_possible_recipients_are_left_to_the_person(therapist: User, staff: User) -> None:
    decision = make_decision(therapist)
    with clinic_of(therapist):
        for name in ("Dr. One", "Dr. Two"):
            site = make_site(staff, name=name)
            add_member(case=decision.case, actor=therapist, site=site, part="tms_provider")
        letter = start_letter(case=decision.case, actor=therapist, decision=decision)

    assert letter.recipient_site is None


def test_without_a_team_the_directory_names_whoever_leaves_no_doubt(
    therapist: User, staff: User
) -> None:
    def begun() -> Letter:
        with clinic_of(therapist):
            return start_letter(case=decision.case, actor=therapist, decision=decision)

    decision = make_decision(therapist)
    nobody = begun()
    only = make_site(staff, name="Dr. O. Only")
    one = begun()
    second = make_site(staff, name="Dr. N. Unverified", verified=False)
    doubt = begun()
    sign(addressed(therapist, only), therapist)
    after_another_patient = begun()
    with clinic_of(staff):
        switch_site(site=only, actor=staff, is_active=False)
    unverified = begun()

    assert second.is_open
    for each in (nobody, doubt, after_another_patient, unverified):
        assert each.recipient_site is None
        assert each.shared_for_treatment is None
    assert one.recipient_site == only
    assert one.shared_for_treatment is True
    assert one.request_kind == Letter.Kind.ASSESS


def test_whoever_signs_says_with_whom_it_is_shared_for_treatment(
    therapist: User, staff: User, client_for: Clients
) -> None:
    """Recipient and basis may both have been filled in by us."""
    letter = addressed(therapist, make_site(staff))
    page = reverse("letters:letter", args=[letter.case_id, letter.pk])

    shown = client_for(therapist).get(page).content.decode()
    with pytest.raises(LetterNotConfirmedError):
        sign_confirming(letter, therapist, Confirmation.BY_HAND)
    client_for(therapist).post(url(letter), {"by_hand": "true"})
    by_hand = stored(letter)

    assert "Dr. D. Beispiel, Harbor TMS Center treats this patient, or is asked to" in shown
    assert (by_hand.recipient_site, by_hand.shared_for_treatment) == (None, None)


def test_page_that_is_older_than_the_choice_changes_no_recipient(
    therapist: User, staff: User, client_for: Clients
) -> None:
    letter = addressed(therapist, make_site(staff))
    address = reverse("letters:letter", args=[letter.case_id, letter.pk])

    client_for(therapist).post(
        address,
        {"recipient_organization": "Elsewhere", "version": letter.saved_at.isoformat()},
    )

    assert stored(letter).recipient_organization == "Harbor TMS Center"


def test_site_of_another_clinic_is_not_on_the_list(
    therapist: User, other_therapist: User, client_for: Clients
) -> None:
    letter, site = make_draft(therapist), make_site(other_therapist)

    response = client_for(therapist).post(url(letter), {"site": site.pk})

    assert response.status_code == 422
    assert stored(letter).recipient_site is None


def test_letter_of_another_clinic_is_not_found(
    therapist: User, other_therapist: User, client_for: Clients
) -> None:
    letter = make_draft(therapist)

    assert client_for(other_therapist).get(url(letter)).status_code == 404


@pytest.mark.browser
def test_recipient_is_chosen_without_javascript_and_accessible(
    therapist: User,
    staff: User,
    signed_in_page: Callable[..., Page],
    fits: Check,
) -> None:
    letter = make_draft(therapist)
    make_site(staff)
    page = signed_in_page(therapist, java_script_enabled=False)

    page.goto(reverse("letters:letter", args=[letter.case_id, letter.pk]))
    page.get_by_role("link", name="Choose from the directory").click()
    page.get_by_label("Dr. D. Beispiel, Harbor TMS Center").check()
    page.get_by_role("button", name="Address the letter to them").click()

    expect(page.get_by_role("link", name="Change the recipient")).to_be_visible()
    scripted = signed_in_page(therapist)
    for address in (url(letter), reverse("letters:letter", args=[letter.case_id, letter.pk])):
        scripted.goto(address)
        fits(scripted)


def test_likely_recipients_are_offered_by_their_part_and_one_press_chooses(
    therapist: User, staff: User, client_for: Clients
) -> None:
    site = make_site(staff, organization="Harbor TMS Center")
    second = make_site(staff, name="Dr. Z. Second")
    other = make_site(staff, name="Dr. P. Other", colleague={"is_prescriber": True})
    closed = make_site(staff, name="Dr. C. Closed")
    with clinic_of(staff):
        switch_site(site=closed, actor=staff, is_active=False)
        for_both = likely_recipients("both")
    letter = make_draft(
        therapist, recipient_organization="", recipient_name="", shared_for_treatment=None
    )
    client, page = (
        client_for(therapist),
        reverse("letters:letter", args=[letter.case_id, letter.pk]),
    )

    offered = client.get(page)
    client.post(url(letter), {"site": site.pk})
    chosen = client.get(page)

    assert offered.context["likely"] == [site, second]
    assert f'form="recipient-form" name="site" value="{site.pk}"' in offered.content.decode()
    assert stored(letter).recipient_site == site
    assert stored(letter).shared_for_treatment is True
    assert chosen.context["likely"] == []
    assert {*for_both} == {site, second, other}
