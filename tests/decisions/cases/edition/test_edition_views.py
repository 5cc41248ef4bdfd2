"""A case is offered the move to a later edition; who moves it has read what changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from decisions.cases.actions import AnswersChangedError
from decisions.cases.edition.moving import fingerprint_of_move, move_case
from decisions.cases.models import Case, EditionMove
from decisions.rules.loading import load_edition
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import (
    answer,
    clinic_of,
    file_for,
    make_case,
    page_of,
    save_by_htmx,
    section_url,
    token_in,
)
from tests.decisions.letters.stored_letters import decide_case
from tests.decisions.live_editions import (
    EARLIER,
    GONE,
    LATER,
    NEW,
    OLD_VALUE,
    OTHER,
    OTHERWISE,
    REWORDED,
    Files,
    question_of,
)
from tests.decisions.rules.cases import vignette
from tests.factories import make_member

Live = Callable[[Files], Path]
Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db

STABLE = load_edition(EARLIER).questionnaire.question(OTHER).label_of(OLD_VALUE)


@pytest.fixture
def case(live: Live, therapist: User) -> Case:
    """A case of 2026.1 while a later edition is live, with an answer that it does not take."""
    live(OTHERWISE)
    return make_case(therapist, **{**vignette("responder-relapsed"), OTHER: OLD_VALUE})


def address(case: Case) -> str:
    return reverse("cases:edition", args=[case.pk])


def see(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def page_case(client: Client, case: Case) -> str:
    return see(client, reverse("cases:case", args=[case.pk]))


def post_move(client: Client, case: Case, therapist: User, **changed: str) -> Any:
    """The button of the page, as the page of this moment has it."""
    fingerprint = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    return client.post(address(case), {"to": LATER, "fingerprint": fingerprint, **changed})


def edition_of(case: Case, therapist: User) -> str:
    return file_for(case, therapist).case.edition


def test_case_of_an_earlier_edition_is_offered_the_move_and_stays(
    case: Case, therapist: User, client_for: Clients
) -> None:
    html = page_case(client_for(therapist), case)

    assert f"Edition {LATER} can be used for this case" in html
    assert address(case) in html
    assert edition_of(case, therapist) == EARLIER


def test_case_of_the_present_edition_is_offered_nothing(
    therapist: User, client_for: Clients
) -> None:
    case = make_case(therapist)
    client = client_for(therapist)

    assert address(case) not in page_case(client, case)
    assert "under the edition by which new cases are asked" in see(client, address(case))


def test_page_tells_what_is_asked_otherwise_and_what_changes(
    case: Case, therapist: User, client_for: Clients
) -> None:
    html = see(client_for(therapist), address(case))

    newly, rest = html.split("<h2>Newly asked</h2>")[1].split("<h2>Asked in another way</h2>")
    otherwise, gone = rest.split("<h2>No longer asked</h2>")
    assert "Made up, for tests?" in newly
    assert "Is: In other words: manic now?" in otherwise
    assert "New answers: Treated heart disease" in otherwise
    assert f"Answers that are gone: {STABLE}" in otherwise
    assert "It is kept and shown, counts for nothing, and is asked again" in otherwise
    assert "Preparation and integration sessions</strong>. Answered: Yes" in gone


def test_page_tells_the_verdicts_of_both_editions(
    case: Case, therapist: User, client_for: Clients
) -> None:
    said = see(client_for(therapist), address(case)).split("<h2>Newly asked</h2>")[0]

    assert "<strong>Repeat TMS</strong>: was Favored by these answers, is" in said
    assert "More information needed" in said
    assert "It waits for: Made up; Heart disease." in said


def test_moved_case_keeps_every_answer_and_asks_again_what_does_not_fit(
    case: Case, therapist: User, client_for: Clients
) -> None:
    client = client_for(therapist)
    before = {name: row.value for name, row in file_for(case, therapist).rows.items()}

    response = post_move(client, case, therapist)
    file = file_for(case, therapist)
    html = page_case(client, case)

    assert response.status_code == 302
    assert file.case.edition == LATER
    assert {name: row.value for name, row in file.rows.items()} == before
    assert file.set_aside == {OTHER, GONE}
    assert OTHER not in file.raw_answers
    assert f"Heart disease</a>: answered “{STABLE}" in html
    assert "Preparation and integration sessions: answered “Yes”" in html
    assert f"answered “{STABLE}" in see(client, reverse("cases:check", args=[case.pk]))
    assert NEW in page_of(client, case, "episode")


def test_question_asked_again_shows_the_earlier_answer_until_it_is_answered(
    case: Case, therapist: User, client_for: Clients
) -> None:
    client = client_for(therapist)
    post_move(client, case, therapist)
    before = page_of(client, case, "ketamine_safety")

    saved = save_by_htmx(client, case, "ketamine_safety", OTHER, value="treated")
    after = page_of(client, case, "ketamine_safety")

    assert f"Answered “{STABLE}" in before
    assert 'id="heart-treated" name="heart" value="treated" checked' not in before
    assert saved.status_code == 200
    assert 'id="heart"' in saved.content.decode()
    assert "under an earlier edition" not in after
    assert file_for(case, therapist).raw_answers[OTHER] == "treated"


def test_decision_after_the_move_is_of_the_later_edition_and_earlier_ones_stay(
    case: Case, therapist: User, client_for: Clients
) -> None:
    early = decide_case(case, therapist)
    client = client_for(therapist)
    post_move(client, case, therapist)

    late = decide_case(case, therapist)
    pages = [
        see(client, reverse("cases:decision_record", args=[case.pk, one.number]))
        for one in (early, late)
    ]

    assert (early.edition, late.edition) == (EARLIER, LATER)
    assert (OTHER in early.answers, OTHER in late.answers) == (True, False)
    assert [f"Edition {EARLIER} (" in one for one in pages] == [True, False]
    assert [f"Edition {LATER} (" in one for one in pages] == [False, True]


LIST, ADDED = "comorbidities", {"value": "made_up", "label": "Made up"}


def with_more(raw: dict[str, Any]) -> None:
    """One more answer to a question that takes several."""
    question_of(raw, LIST)["options"].append(ADDED)


@pytest.mark.parametrize("ticked", [[], ["ocd"]])
def test_list_to_which_the_later_edition_adds_counts_only_when_answered_again(
    live: Live, therapist: User, client_for: Clients, ticked: list[str]
) -> None:
    live({"questionnaire.yaml": with_more})
    case = make_case(therapist, **{**vignette("responder-relapsed"), LIST: ticked})
    client = client_for(therapist)
    page = see(client, address(case))
    post_move(client, case, therapist)
    before = file_for(case, therapist)

    answer(case, therapist, LIST, ticked)
    after = file_for(case, therapist)

    assert "New answers: Made up" in page
    assert (before.set_aside, LIST in before.raw_answers) == (frozenset({LIST}), False)
    assert (after.set_aside, after.raw_answers[LIST]) == (frozenset(), ticked)
    assert after.rows[LIST].version == before.rows[LIST].version + 1


def test_notice_to_act_first_stays_until_its_answer_is_given_again(
    live: Live, therapist: User, client_for: Clients
) -> None:
    live({"questionnaire.yaml": psychosis_by_another_value, "rules.yaml": rules_of_that_value})
    case = make_case(therapist, **{**vignette("responder-relapsed"), "psychosis": "current"})
    client = client_for(therapist)
    because = load_edition(EARLIER).rule("urgent-psychosis").because
    offer = see(client, address(case))
    post_move(client, case, therapist)
    moved = page_case(client, case), see(client, reverse("cases:list"))

    answer(case, therapist, "psychosis", "none")
    again = page_case(client, case), see(client, reverse("cases:list"))

    assert "No longer called urgent" not in offer
    assert [because in one for one in moved] == [True, True]
    assert [because in one for one in again] == [False, False]


def psychosis_by_another_value(raw: dict[str, Any]) -> None:
    options = question_of(raw, "psychosis")["options"]
    next(one for one in options if one["value"] == "current")["value"] = "now"


def rules_of_that_value(raw: dict[str, Any]) -> None:
    raw["rules"] = json.loads(json.dumps(raw["rules"]).replace('"current"', '"now"'))


def test_move_is_one_event_without_a_word_about_the_patient(
    case: Case, therapist: User, client_for: Clients
) -> None:
    client = client_for(therapist)

    post_move(client, case, therapist)
    again = post_move(client, case, therapist)

    event = Event.objects.get(action="case.moved")
    assert (event.case_id, event.actor) == (case.pk, therapist)
    assert event.reason == f"{EARLIER} to {LATER}"
    assert again.status_code == 302
    with clinic_of(therapist):
        assert EditionMove.objects.count() == 1


def test_answer_given_meanwhile_is_seen_before_the_move(
    case: Case, therapist: User, client_for: Clients
) -> None:
    fingerprint = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    answer(case, therapist, "life_threatening", "yes")

    late = post_move(client_for(therapist), case, therapist, fingerprint=fingerprint)

    assert late.status_code == 409
    assert "The case was not moved" in late.content.decode()
    assert edition_of(case, therapist) == EARLIER


@pytest.mark.parametrize("to", ["", EARLIER + ".1", "2050.1", "../2026.1"])
def test_case_is_moved_nowhere_but_to_the_edition_offered(
    case: Case, therapist: User, client_for: Clients, to: str
) -> None:
    response = post_move(client_for(therapist), case, therapist, to=to)

    assert response.status_code == 409
    assert edition_of(case, therapist) == EARLIER


def test_two_who_move_at_once_move_it_once(case: Case, therapist: User) -> None:
    file = file_for(case, therapist)
    fingerprint = fingerprint_of_move(file, load_edition(LATER))

    with clinic_of(therapist):
        moved = [
            move_case(case=file.case, actor=therapist, to=LATER, fingerprint=fingerprint)
            for _ in range(2)
        ]

    assert moved == [True, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_two_who_press_in_the_same_moment_move_it_once(case: Case, therapist: User) -> None:
    fingerprint = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    colleague = make_member(clinic=case.clinic, role=Role.THERAPIST)
    together, moved = Barrier(2), []

    def press(person: User) -> None:
        try:
            with clinic_of(person):
                together.wait(timeout=60)
                moved.append(move_case(case=case, actor=person, to=LATER, fingerprint=fingerprint))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(one,)) for one in (therapist, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(moved) == [False, True]
    assert Event.objects.filter(action="case.moved").count() == 1


def test_move_after_a_change_is_refused_by_the_action_as_well(case: Case, therapist: User) -> None:
    file = file_for(case, therapist)

    with clinic_of(therapist), pytest.raises(AnswersChangedError):
        move_case(case=file.case, actor=therapist, to=LATER, fingerprint="0" * 64)


@pytest.mark.both_databases
def test_move_that_was_written_is_never_changed(case: Case, therapist: User) -> None:
    post = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    with clinic_of(therapist):
        move_case(case=case, actor=therapist, to=LATER, fingerprint=post)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            EditionMove.objects.update(from_edition="2020.1")


def test_page_that_was_open_during_the_move_saves_nothing_unread(
    case: Case, therapist: User, client_for: Clients
) -> None:
    client = client_for(therapist)
    token = token_in(page_of(client, case, "scope"), REWORDED)
    sent = {"edition": EARLIER, f"{REWORDED}.token": token, REWORDED: "yes"}
    post_move(client, case, therapist)

    late = client.post(section_url(case, "scope"), sent)
    html = late.content.decode()
    again = client.post(section_url(case, "scope"), {**sent, "edition": LATER})

    assert late.status_code == 422
    assert f"moved to edition {LATER} while the page was open" in html
    assert f'id="{REWORDED}-yes" name="{REWORDED}" value="yes" checked' in html
    assert again.status_code == 302
    assert file_for(case, therapist).raw_answers[REWORDED] == "yes"


def test_page_is_for_therapists_of_the_clinic_only(
    case: Case,
    therapist: User,
    staff: User,
    manager: User,
    other_therapist: User,
    client_for: Clients,
) -> None:
    for user, status in ((staff, 403), (manager, 403), (other_therapist, 404)):
        assert client_for(user).get(address(case)).status_code == status
        assert post_move(client_for(user), case, therapist).status_code == status

    assert edition_of(case, therapist) == EARLIER
    assert Event.objects.filter(outcome="refused", object_type="case").count() == 2


# In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_script", [True, False])
def test_case_is_moved_in_browser(
    signed_in_page: Callable[..., Page],
    case: Case,
    therapist: User,
    fits: Callable[[Page], None],
    with_script: bool,
) -> None:
    page = signed_in_page(therapist, java_script_enabled=with_script)
    check = fits if with_script else (lambda page: None)

    page.goto(f"/cases/{case.pk}/")
    check(page)
    page.get_by_role("link", name="See what is newly asked").click()
    page.wait_for_url(f"**{address(case)}")
    check(page)
    button = page.get_by_role("button", name=f"Move this case to edition {LATER}")
    button.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text(f"works under edition {LATER} now")).to_be_visible()
    expect(page.get_by_role("heading", name="does not take")).to_be_visible()
    check(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_open_page_tells_of_the_move_when_an_answer_is_given(
    signed_in_page: Callable[..., Page], case: Case, therapist: User
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "scope"))
    fingerprint = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    with clinic_of(therapist):
        move_case(case=case, actor=therapist, to=LATER, fingerprint=fingerprint)

    page.locator(f'label[for="{REWORDED}-yes"]').click()

    expect(page.get_by_text("while the page was open")).to_be_visible()
    assert file_for(case, therapist).raw_answers[REWORDED] != "yes"
