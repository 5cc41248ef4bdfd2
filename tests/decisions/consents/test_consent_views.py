"""Consents in the app: recorded, revoked, chosen for a letter, and the walls around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from decisions.cases.models import Case
from decisions.consents.actions import record_consent, revoke_consent, save_source
from decisions.consents.models import Consent, SubstanceSource
from decisions.letters.actions import compose
from decisions.letters.models import EmergencyDisclosure, Letter
from decisions.letters.signing.actions import (
    LetterIncompleteError,
    LetterNotConfirmedError,
    sign_letter,
)
from decisions.letters.signing.confirming import Confirmation
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import fingerprint_of, make_decision, make_draft, sign
from tests.factories import PASSWORD

Clients = Callable[[User], Client]
Check = Callable[[Page], None]
NOT_TICKED = ("password", "fingerprint")
pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PAPER: dict[str, Any] = {
    "kind": "part2",
    "reference": "Paper 12",
    "recipient": "Harbor TMS Center",
    "purpose": "Treatment of depression",
    "scope": "Alcohol and drug use, and withdrawal",
    "covers_substance_use": True,
    "signed_by": "the patient",
    "signed_on": TODAY - timedelta(days=3),
    "expires_on": TODAY + timedelta(days=90),
}
POSTED = {
    **{name: value for name, value in PAPER.items() if name != "covers_substance_use"},
    "covers_substance_use": "on",
    "has_statements": "on",
}


def url(case: Case, name: str = "consents", *more: object) -> str:
    return reverse(f"consents:{name}", args=[case.pk, *more])


def record(case: Case, therapist: User, **changes: Any) -> Consent:
    with clinic_of(therapist):
        return record_consent(case=case, actor=therapist, values={**PAPER, **changes})


def revoke(consent: Consent, therapist: User) -> None:
    with clinic_of(therapist):
        revoke_consent(consent=consent, actor=therapist, because="The patient took it back.")


def say(case: Case, therapist: User, source: str) -> None:
    with clinic_of(therapist):
        save_source(case=case, actor=therapist, source=source)


def test_paper_is_recorded_and_revoked(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)

    client.post(url(case), POSTED)
    with scopes_disabled():
        consent = Consent.objects.get()
    empty = client.post(url(case, "revoke", consent.pk), {"because": ""})
    client.post(url(case, "revoke", consent.pk), {"because": "Taken back in person."})
    page = client.get(url(case)).content.decode()

    assert empty.status_code == 422
    assert "Taken back in person." in page
    actions = [one.action for one in Event.objects.filter(object_type="consent").order_by("id")]
    assert actions == ["consent.recorded", "consent.revoked"]


@for_each(
    ("changes", "sentence"),
    [
        ({"recipient": ""}, "Enter who may receive it, or tick all who treat"),
        ({"for_all_who_treat": "on"}, "Either one recipient, or all who treat"),
        ({"expires_on": ""}, "Enter the last day, or the event that ends it"),
        ({"covers_substance_use": ""}, "A consent under Part 2 has to name what it covers"),
        ({"signed_on": TODAY + timedelta(days=1)}, "is in the future"),
        ({"expires_on": TODAY - timedelta(days=30)}, "It would end before it was signed"),
        ({"has_statements": ""}, "A paper without these statements permits nothing"),
        ({"scope": ""}, "Enter what may be shared"),
        ({"kind": "other"}, "Select a valid choice"),
    ],
    undone=True,
)
def test_incomplete_paper_is_refused_and_nothing_typed_is_lost(
    therapist: User, client_for: Clients, changes: dict[str, Any], sentence: str
) -> None:
    case = make_case(therapist)

    response = client_for(therapist).post(url(case), {**POSTED, **changes})

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Treatment of depression" in page
    with scopes_disabled():
        assert not Consent.objects.exists()


def test_source_is_saved_and_changed(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)

    client.post(url(case, "source"), {"source": "unknown"})
    client.post(url(case, "source"), {"source": "own_assessment"})
    refused = client.post(url(case, "source"), {"source": "hearsay"})

    assert refused.status_code == 422
    with scopes_disabled():
        assert SubstanceSource.objects.get().source == "own_assessment"


def test_s14_letter_of_a_program_leaves_the_answers_out(therapist: User) -> None:
    decision = make_decision(therapist, substance_use="active")
    letter = make_draft(therapist, decision)
    say(decision.case, therapist, "part2_program")

    signed = sign(letter, therapist)

    text = str(signed.content)
    assert "Left out of this letter (see Consent)" in text
    assert "substance use disorder" not in text
    assert Event.objects.filter(action="letter.texts_read", object_id=str(letter.pk)).exists()


def test_s14_each_word_that_may_tell_needs_an_edit_or_a_statement(
    therapist: User, client_for: Clients
) -> None:
    letter = make_draft(therapist, reasoning="Detox in 2024. Asks about methadone.")
    say(letter.case, therapist, "part2_program")
    client = client_for(therapist)
    address = reverse("letters:sign", args=[letter.case_id, letter.pk])
    shown = client.get(reverse("letters:letter", args=[letter.case_id, letter.pk])).context
    ticks = {name: "on" for name in shown["sign_form"].fields if name not in NOT_TICKED}
    data = {**ticks, "password": PASSWORD, "fingerprint": shown["fingerprint"]}
    therapist.set_password(PASSWORD)
    therapist.save(update_fields=["password"])
    client.force_login(therapist)

    refused = client.post(address, {**data, "word-methadone": ""})
    with clinic_of(therapist), pytest.raises(LetterNotConfirmedError):
        sign_letter(
            letter_id=letter.pk,
            actor=therapist,
            fingerprint=shown["fingerprint"],
            confirmed=tuple(Confirmation),
            stated=("detox",),
        )
    signed = client.post(address, data)

    assert set(ticks) >= {"texts_read", "word-detox", "word-methadone"}
    assert refused.status_code == 422
    assert "“methadone” in these texts" in refused.content.decode()
    assert signed.status_code == 302
    event = Event.objects.get(action="letter.words_stated", object_id=str(letter.pk))
    assert event.reason == "words answered for: 2"


def test_s14_medical_emergency_lets_them_leave_and_is_recorded_as_the_rule_wants(
    therapist: User, client_for: Clients
) -> None:
    decision = make_decision(therapist, substance_use="active")
    letter = make_draft(therapist, decision, medical_emergency="Seizure in alcohol withdrawal")
    say(decision.case, therapist, "part2_program")
    before = timezone.now()

    seen = fingerprint_of(letter, therapist)
    others = set(Confirmation) - {Confirmation.EMERGENCY}
    with clinic_of(therapist), pytest.raises(LetterNotConfirmedError):
        sign_letter(letter_id=letter.pk, actor=therapist, fingerprint=seen, confirmed=others)
    signed = sign(letter, therapist)
    page = client_for(therapist).get(reverse("letters:letter", args=[decision.case_id, letter.pk]))

    text = str(signed.content)
    assert "substance use disorder" in text
    assert "(under 42 CFR 2.51)" in text
    assert "consent cannot be obtained (42 CFR 2.51): Seizure in alcohol withdrawal." in text
    assert "42 CFR part 2 prohibits unauthorized use" in text
    with clinic_of(therapist):
        (one,) = EmergencyDisclosure.objects.filter(letter=letter)
        assert one.recipient_name == letter.recipient_name
        assert one.affiliation == letter.recipient_organization
        assert one.disclosed_by == therapist
        assert before <= one.disclosed_at <= timezone.now()
        assert one.nature == "Seizure in alcohol withdrawal"
    assert "Disclosed in a medical emergency (42 CFR 2.51)" in page.content.decode()
    event = Event.objects.get(action="letter.disclosed_in_emergency", object_id=str(letter.pk))
    assert "Seizure" not in event.reason


@for_each(
    ("values", "id_"),
    [
        ({"recipient_name": ""}, "emergency_recipient"),
        ({"recipient_organization": ""}, "emergency_recipient"),
        ({"copies": "Dr. B. Muster"}, "emergency_copies"),
    ],
    undone=True,
)
def test_s14_medical_emergency_names_one_recipient_and_their_affiliation(
    therapist: User, values: Any, id_: str
) -> None:
    letter = make_draft(therapist, medical_emergency="Seizure", **values)
    say(letter.case, therapist, "part2_program")

    with clinic_of(therapist):
        missing = [one.id for one in compose(letter.pk, therapist).missing]

    assert missing == [id_]


def test_emergency_says_nothing_where_no_program_is_behind_the_answers(therapist: User) -> None:
    signed = sign(make_draft(therapist, medical_emergency="Seizure"), therapist)

    assert "2.51" not in str(signed.content)
    with clinic_of(therapist):
        assert not EmergencyDisclosure.objects.exists()


def test_s14_consent_for_this_recipient_lets_them_leave(therapist: User) -> None:
    decision = make_decision(therapist, substance_use="active")
    paper = record(decision.case, therapist)
    letter = make_draft(therapist, decision, part2_consent=paper)
    say(decision.case, therapist, "part2_program")

    signed = sign(letter, therapist)

    text = str(signed.content)
    assert "substance use disorder" in text
    assert "42 CFR part 2 prohibits unauthorized use" in text


def test_s14_consent_for_another_recipient_blocks_signing(therapist: User) -> None:
    decision = make_decision(therapist)
    paper = record(decision.case, therapist, recipient="Somebody else")
    letter = make_draft(therapist, decision, part2_consent=paper)
    say(decision.case, therapist, "part2_program")

    with pytest.raises(LetterIncompleteError, match="it names somebody else"):
        sign(letter, therapist)


def test_revoked_consent_stops_new_letters_and_leaves_issued_ones(therapist: User) -> None:
    decision = make_decision(therapist)
    paper = record(decision.case, therapist)
    say(decision.case, therapist, "part2_program")
    signed = make_draft(therapist, decision, part2_consent=paper)
    say(decision.case, therapist, "part2_program")
    issued = sign(signed, therapist)
    draft = make_draft(therapist, decision, part2_consent=paper)
    say(decision.case, therapist, "part2_program")

    revoke(paper, therapist)

    with pytest.raises(LetterIncompleteError, match="it was revoked"):
        sign(draft, therapist)
    with scopes_disabled():
        assert Letter.objects.get(pk=issued.pk).is_signed


@pytest.mark.parametrize("name", ["consents", "source", "revoke"])
def test_other_clinic_finds_nothing(
    therapist: User, other_therapist: User, client_for: Clients, name: str
) -> None:
    case = make_case(therapist)
    consent = record(case, therapist)
    more = [consent.pk] if name == "revoke" else []

    response = client_for(other_therapist).post(url(case, name, *more), {"because": "x"})

    assert response.status_code == 404
    assert Event.objects.filter(outcome="refused").count() == 1
    with scopes_disabled():
        assert not Consent.objects.get().is_revoked


def test_staff_may_not_see_consents(therapist: User, staff: User, client_for: Clients) -> None:
    assert client_for(staff).get(url(make_case(therapist))).status_code == 403


@pytest.mark.browser
def test_pages_work_without_javascript_and_are_accessible(
    therapist: User,
    signed_in_page: Callable[..., Page],
    fits: Check,
) -> None:
    case = make_case(therapist)
    page = signed_in_page(therapist, java_script_enabled=False)

    page.goto(url(case))
    page.get_by_label("The patient told us").check()
    page.get_by_role("button", name="Save the source").click()
    expect(page.get_by_text("Said by")).to_be_visible()
    page.get_by_role("button", name="Record this paper").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter who may receive it")
    paper = record(case, therapist)
    page.goto(url(case))
    page.get_by_role("link", name="Revoke Paper 12").click()
    page.get_by_label("Why it ends now").fill("Taken back.")
    page.get_by_role("button", name="Revoke this consent").click()
    expect(page.get_by_role("region", name="Signed papers")).to_contain_text("Revoked")

    scripted = signed_in_page(therapist)
    for address in (url(case), url(case, "revoke", paper.pk)):
        scripted.goto(address)
        fits(scripted)
