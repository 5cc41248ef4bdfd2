"""Pages of letters: write, sign, find, download; and the walls around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.consents.actions import record_consent
from decisions.letters.models import Letter
from decisions.pdf.pool import LetterCannotBeDrawnError
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import answer, clinic_of, close_task
from tests.decisions.letters.stored_letters import (
    DRAFT,
    decide_case,
    fingerprint_of,
    make_decision,
    make_draft,
    make_signed,
    say_source,
    write_facts,
)
from tests.decisions.letters.test_revoked_consent import paper_of
from tests.factories import PASSWORD, make_member

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def therapist(therapist: User) -> User:
    """A therapist who knows their password."""
    therapist.set_password(PASSWORD)
    therapist.save()
    return therapist


@pytest.fixture
def draft(therapist: User) -> Letter:
    return make_draft(therapist)


def url(name: str, letter: Letter) -> str:
    return reverse(f"letters:{name}", args=[letter.case_id, letter.pk])


def stored(letter: Letter) -> Letter:
    with scopes_disabled():
        return Letter.objects.get(pk=letter.pk)


CONFIRMED = {"recipient_by_hand": "true"}


def post_sign(client: Client, letter: Letter, therapist: User, **changes: str) -> object:
    fingerprint = fingerprint_of(letter, therapist)
    data = {"password": PASSWORD, "fingerprint": fingerprint, **CONFIRMED, **changes}
    return client.post(url("sign", letter), data)


def test_first_letter_is_written_signed_and_downloaded(
    therapist: User, staff: User, client_for: Clients
) -> None:
    decision = make_decision(therapist)
    say_source(decision.case, therapist)
    client = client_for(therapist)

    started = client.post(reverse("letters:compose_list", args=[decision.case_id]))
    page = client.get(started["Location"])
    version = page.context["form"].initial["version"]
    saved = client.post(started["Location"], {**DRAFT, "reasoning": "Mine.", "version": version})
    ready = client.get(started["Location"])
    signed = client.post(
        f"{started['Location']}sign/",
        {"password": PASSWORD, "fingerprint": ready.context["fingerprint"], **CONFIRMED},
    )
    with scopes_disabled():
        letter = Letter.objects.get()
    download = client_for(staff).get(reverse("letters:pdf", args=[letter.pk]))

    assert saved.status_code == signed.status_code == 302
    assert not ready.context["missing"]
    assert letter.is_signed
    assert download.content == bytes(letter.pdf or b"")
    assert hashlib.sha256(download.content).hexdigest() == letter.pdf_sha256


def save_goals(client: Client, letter: Letter, goals: str) -> str:
    """Save what the page of a draft holds, with these goals; the letter as it is shown then."""
    form = client.get(url("letter", letter)).context["form"]
    kept = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in kept.items() if value is not None}
    client.post(url("letter", letter), {**filled, "goals": goals})
    return client.get(url("letter", letter)).content.decode()


def test_l15_goals_are_said_for_one_letter_and_stay_in_the_facts(
    therapist: User, client_for: Clients
) -> None:
    letter = make_draft(therapist)
    write_facts(letter.case, therapist, goals="To drive again.")
    client = client_for(therapist)

    begun = client.get(url("letter", letter)).context["form"]["goals"].value()
    said = save_goals(client, letter, "To see the grandchildren.")

    assert begun == "To drive again."
    assert "Hopes and worries: To see the grandchildren." in said
    assert "To drive again." not in said
    facts = client.get(reverse("letters:facts", args=[letter.case_id]))
    assert "To drive again." in facts.content.decode()


def test_l15_goals_that_nobody_changed_follow_the_facts(
    therapist: User, client_for: Clients
) -> None:
    letter = make_draft(therapist)
    write_facts(letter.case, therapist, goals="To drive again.")

    save_goals(client_for(therapist), letter, "To drive again.")

    assert stored(letter).goals is None


def test_page_of_a_draft_lists_what_is_missing(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist, recipient_organization="", recipient_name="", reasoning="")

    page = client_for(therapist).get(url("letter", letter)).content.decode()

    assert "The recipient" in page
    assert "Your own reasoning" in page
    assert "Sign letter" not in page


def test_sign_with_a_wrong_password_is_refused(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist)

    response = post_sign(client_for(therapist), letter, therapist, password="wrong")

    assert response.status_code == 422  # type: ignore[attr-defined]
    assert not stored(letter).is_signed
    assert Event.objects.filter(action="letter.sign", outcome="refused").count() == 1


def test_sign_with_an_old_page_is_refused(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist)

    response = post_sign(client_for(therapist), letter, therapist, fingerprint="0" * 64)

    assert response.status_code == 409  # type: ignore[attr-defined]
    assert "Read it again, then sign" in response.content.decode()  # type: ignore[attr-defined]
    assert not stored(letter).is_signed


@pytest.mark.both_databases
def test_sign_twice_signs_once(therapist: User, client_for: Clients) -> None:
    letter, client = make_draft(therapist), client_for(therapist)
    fingerprint = fingerprint_of(letter, therapist)

    first = post_sign(client, letter, therapist)
    before = stored(letter)
    second = post_sign(client, letter, therapist, fingerprint=fingerprint)

    assert first.status_code == second.status_code == 302  # type: ignore[attr-defined]
    assert stored(letter).pdf_sha256 == before.pdf_sha256
    assert Event.objects.filter(action="letter.signed").count() == 1


def test_save_after_signing_is_refused_with_a_face(therapist: User, client_for: Clients) -> None:
    letter = make_signed(therapist)

    response = client_for(therapist).post(url("letter", letter), {**DRAFT, "reasoning": "Other"})

    assert response.status_code == 409
    assert "This letter is signed already" in response.content.decode()
    assert stored(letter).reasoning != "Other"


@pytest.mark.both_databases
def test_two_tabs_do_not_overwrite_each_other(therapist: User, client_for: Clients) -> None:
    letter, client = make_draft(therapist), client_for(therapist)
    version = letter.saved_at.isoformat()

    first = client.post(url("letter", letter), {**DRAFT, "reasoning": "First", "version": version})
    second = client.post(
        url("letter", letter), {**DRAFT, "reasoning": "Second", "version": version}
    )

    assert first.status_code == 302
    assert second.status_code == 409
    assert "Second" in second.content.decode()
    assert stored(letter).reasoning == "First"


def test_save_in_the_background_answers_with_preview(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist)
    data = {**DRAFT, "reasoning": "Seen at once", "version": letter.saved_at.isoformat()}

    response = client_for(therapist).post(
        url("letter", letter), data, headers={"HX-Request": "true"}
    )
    html = response.content.decode()

    assert response.status_code == 200
    assert '<div id="letter-state">' in html
    assert "Seen at once" in html
    assert "<html" not in html


def test_no_letter_is_signed_while_a_safety_task_is_open(
    therapist: User, client_for: Clients
) -> None:
    decision = make_decision(therapist)
    answer(decision.case, therapist, "phq9", {"items": [2, 2, 2, 2, 2, 2, 2, 1, 1]})
    answer(decision.case, therapist, "phq9", {"items": [2, 2, 2, 2, 2, 2, 2, 1, 0]})
    letter, client = make_draft(therapist, decision), client_for(therapist)

    open_page = client.get(url("letter", letter)).content.decode()
    refused = post_sign(client, letter, therapist)
    close_task(decision.case, therapist)
    closed_page = client.get(url("letter", letter)).content.decode()

    assert "The open safety task of this case" in open_page
    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert "The open safety task" not in closed_page
    assert "Interview" in closed_page


def test_act_first_of_today_asks_what_was_done(therapist: User, client_for: Clients) -> None:
    decision = make_decision(therapist)
    letter = make_draft(therapist, decision)
    answer(decision.case, therapist, "bp_systolic", 190)

    page = client_for(therapist).get(url("letter", letter))

    assert [one.label for one in page.context["missing"]] == [
        "What was done about the act-first notice"
    ]
    assert "Answers have changed since decision 1 was recorded" in page.content.decode()


def test_draft_takes_the_newest_decision_on_demand(therapist: User, client_for: Clients) -> None:
    decision = make_decision(therapist)
    letter, client = make_draft(therapist, decision), client_for(therapist)
    answer(decision.case, therapist, "bp_systolic", 118)
    decide_case(decision.case, therapist)

    assert "Use decision 2" in client.get(url("letter", letter)).content.decode()
    client.post(url("newest_decision", letter))

    assert stored(letter).decision_id != decision.pk


def test_newer_decision_offers_what_it_says_otherwise(therapist: User, client_for: Clients) -> None:
    """What came with decision 1 is offered again; what was written by hand stays unless ticked."""
    decision = make_decision(therapist, speed_needed="can_wait")
    letter, client = (
        make_draft(therapist, decision, request_how_soon="weeks"),
        client_for(therapist),
    )
    answer(decision.case, therapist, "speed_needed", "days")
    decide_case(decision.case, therapist, chosen="ketamine")

    page = client.get(url("letter", letter))

    parts = {one.name: one for one in page.context["newer_parts"]}
    assert {name: one.is_as_begun for name, one in parts.items()} == {
        "request_option": True,
        "request_how_soon": False,
        "reasoning": True,
    }
    said = page.content.decode()
    assert 'value="request_option" checked' in said
    assert "The letter says now: Within two to three weeks (changed by hand)" in said

    stale = client.post(url("newest_decision", letter), {"number": "1"}, follow=True)
    assert "Another decision has been recorded since" in stale.content.decode()
    assert stored(letter).decision_id == decision.pk

    client.post(
        url("newest_decision", letter), {"number": "2", "take": ["request_option", "reasoning"]}
    )

    now = stored(letter)
    assert (now.request_option, now.request_how_soon) == ("ketamine", "weeks")
    assert now.reasoning.endswith("Looked at again.")
    assert now.decision_id != decision.pk
    assert client.get(url("letter", letter)).context["newer_parts"] == ()


@pytest.mark.both_databases
def test_correction_replaces_the_signed_letter(therapist: User, client_for: Clients) -> None:
    letter, client = make_signed(therapist), client_for(therapist)

    started = client.post(url("correct", letter))
    with scopes_disabled():
        draft = Letter.objects.get(replaces=letter)
    page = client.get(started["Location"])
    version = draft.saved_at.isoformat()
    client.post(
        started["Location"],
        {**DRAFT, "reasoning": "R", "replaces_because": "Wrong day", "version": version},
    )
    signed = post_sign(client, draft, therapist)
    old_page = client.get(url("letter", letter)).content.decode()

    assert "Why this letter replaces the earlier one" in page.content.decode()
    assert signed.status_code == 302  # type: ignore[attr-defined]
    assert f"Replaced by {draft.number}: Wrong day" in old_page
    assert "Write a correction" not in old_page


def test_signer_is_told_whose_reasoning_the_letter_calls_theirs(
    draft: Letter, therapist: User, client_for: Clients
) -> None:
    clinic = therapist.membership.clinic
    colleague = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")
    theirs, told = client_for(colleague), f"The reasoning is by {therapist}."
    decide = reverse("cases:decision", args=[draft.case_id])
    with clinic_of(therapist):
        Letter.objects.filter(pk=draft.pk).update(reasoning=draft.decision.reasoning)

    assert told in theirs.get(url("letter", draft)).content.decode()
    assert f"Kept from decision 1, by {therapist}:" in theirs.get(decide).content.decode()
    assert told not in client_for(therapist).get(url("letter", draft)).content.decode()
    with clinic_of(therapist):
        Letter.objects.filter(pk=draft.pk).update(reasoning="In my own words.")
    assert told not in theirs.get(url("letter", draft)).content.decode()


def test_draft_on_paper_says_draft(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist)

    response = client_for(therapist).get(url("draft_pdf", letter))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{letter.number}-draft.pdf"'


@pytest.mark.both_databases
@for_each(
    ("method", "name"),
    [
        ("get", "letter"),
        ("post", "letter"),
        ("get", "draft_pdf"),
        ("post", "sign"),
        ("post", "correct"),
        ("post", "newest_decision"),
    ],
    undone=True,
)
def test_another_clinic_cannot_reach_a_draft(
    draft: Letter, other_therapist: User, client_for: Clients, method: str, name: str
) -> None:
    response = getattr(client_for(other_therapist), method)(url(name, draft))

    assert response.status_code == 404
    assert not stored(draft).is_signed


@pytest.mark.both_databases
def test_each_read_and_write_is_one_event(therapist: User, client_for: Clients) -> None:
    letter, client = make_draft(therapist), client_for(therapist)
    events = Event.objects.count()

    client.get(url("letter", letter))
    client.post(
        url("letter", letter), {**DRAFT, "reasoning": "R", "version": letter.saved_at.isoformat()}
    )
    post_sign(client, letter, therapist)
    client.get(url("letter", letter))

    actions = [one.action for one in Event.objects.order_by("id")[events:]]
    signing = ["letter.recipient_by_hand", "letter.signed"]
    assert actions == ["letter.read", "letter.saved", *signing, "letter.read"]


def test_facts_are_kept_and_printed(therapist: User, client_for: Clients) -> None:
    letter, client = make_draft(therapist), client_for(therapist)
    address = reverse("letters:facts", args=[letter.case_id])

    client.get(address)
    told = {"diagnosis_code": "F33.1", "safety_plan": "yes", "sex": "female", "payer": "Plan X"}
    saved = client.post(address, told)
    page = client.get(url("letter", letter)).content.decode()
    again = client.post(address, {"diagnosis_code": "F32"})

    assert saved.status_code == 302
    assert "F33.1" in page
    assert "Safety plan in place" in page
    assert "please assess Maren Testcase, 42, female, for" in page
    assert "Payer: Plan X" in page
    assert again.status_code == 409


def test_missing_font_is_said_in_a_sentence(
    therapist: User, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, client = make_draft(therapist), client_for(therapist)

    def no_font() -> None:
        raise LetterCannotBeDrawnError("The letter's font is missing. Run script/setup.")

    monkeypatch.setattr("decisions.pdf.render._room", no_font)
    refused = post_sign(client, letter, therapist)
    draft = client.get(url("draft_pdf", letter), follow=True)

    assert "Not signed. The letter" in refused.content.decode()  # type: ignore[attr-defined]
    assert "Run script/setup" in draft.content.decode()
    assert not stored(letter).is_signed


def test_first_course_is_called_so_in_the_form(therapist: User, client_for: Clients) -> None:
    letter = make_draft(therapist, make_decision(therapist, tms_courses=0))

    page = client_for(therapist).get(url("letter", letter)).content.decode()

    assert "TMS (a first course)" in page
    assert "Repeat TMS" not in page


def test_a_second_press_leads_to_the_draft_that_exists(
    therapist: User, client_for: Clients
) -> None:
    decision, client = make_decision(therapist), client_for(therapist)
    letters = reverse("letters:compose_list", args=[decision.case_id])

    first = client.post(letters)["Location"]
    again = client.post(letters)["Location"]
    page = client.get(letters).content.decode()
    another = client.post(letters, {"another": "1"})["Location"]

    assert again == first != another
    assert "Go on with the draft about decision 1" in page
    newer = decide_case(decision.case, therapist, chosen="ketamine")
    assert client.post(letters)["Location"] not in {first, another}
    assert newer.number == 2


def test_source_of_answers_is_said_where_it_is_missing(
    therapist: User, client_for: Clients
) -> None:
    decision, client = make_decision(therapist), client_for(therapist)
    address = client.post(reverse("letters:compose_list", args=[decision.case_id]))["Location"]

    before = client.get(address)
    refused = client.post(f"{address}source/", {"source": "nowhere"}, follow=True)
    said = client.post(f"{address}source/", {"source": "own_assessment"})
    after = client.get(address)

    assert before.context["source_form"] is not None
    assert 'value="own_assessment" checked' not in before.content.decode()
    assert "Not saved. Choose where they come from." in refused.content.decode()
    assert said["Location"] == address
    assert after.context["source_form"] is None
    assert "consents" not in {one.url.split("/")[-2] for one in after.context["missing"]}


def test_nothing_of_the_request_is_chosen_beforehand_but_what_was_decided(
    therapist: User, client_for: Clients
) -> None:
    decision, client = make_decision(therapist), client_for(therapist)
    address = client.post(reverse("letters:compose_list", args=[decision.case_id]))["Location"]

    html = client.get(address).content.decode()

    assert not re.search(r'name="shared_for_treatment"[^>]* checked', html)
    assert re.findall(r'name="request_kind"[^>]*value="(\w+)" checked', html) == ["assess"]
    assert "Not chosen yet" not in html


def test_page_of_a_draft_asks_for_papers_only_where_there_are_some(
    therapist: User, client_for: Clients
) -> None:
    letter = make_draft(therapist)
    client = client_for(therapist)

    before = client.get(url("letter", letter)).content.decode()
    with clinic_of(therapist):
        paper = paper_of("authorization")
        record_consent(case=letter.case, actor=therapist, values=paper)
    after = client.get(url("letter", letter)).content.decode()

    assert 'name="authorization"' not in before
    assert 'id="id_authorization"' in before
    assert 'name="authorization"' in after
    assert after.count('id="id_authorization"') == 1
