"""A released edition that is stricter: tasks for signers, and a reason before a draft is signed."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from decisions.cases.edition.moving import fingerprint_of_move, move_case
from decisions.cases.models import Case, Decision, EditionRelease
from decisions.letters.actions import compose, start_correction
from decisions.letters.models import Letter, LetterTask
from decisions.letters.signer_tasks import edition_tasks
from decisions.letters.signer_tasks.edition_tasks import evaluate_some
from decisions.letters.signing.actions import LetterIncompleteError
from decisions.rules.loading import load_edition
from kapnet.core.audit.models import Event
from kapnet.core.notices.owed import write_owed_events
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, clinic_of, file_for
from tests.decisions.edition_releases import make_released
from tests.decisions.letters.stored_letters import (
    decide_case,
    make_decision,
    make_draft,
    make_signed,
    say_source,
    sign,
)
from tests.decisions.live_editions import (
    EARLIER,
    LATER,
    NEW,
    OLD_VALUE,
    OTHER,
    OTHERWISE,
    Files,
    all_of,
    asking,
    make_edition,
    question_of,
    review_rule,
    with_review,
    with_rules,
)
from tests.evidence.evidence_factories import load_own_dossier

Live = Callable[[Files], Path]
Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db

OLDER = 30
"""The later edition asks for a review of TMS from this age on."""
FILES = with_review("tms-review-older", {"at_least": {"age_years": OLDER}}, "repeat_tms")
BECAUSE = "The later edition asks for a review: tms-review-older."
MY_REASON = "Seen by a neurologist last week."


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def tasks() -> list[LetterTask]:
    """Every task of every clinic."""
    with scopes_disabled():
        return list(LetterTask.objects.select_related("letter__decision"))


def changes_of_task() -> dict[str, Any]:
    """What the only task says differs."""
    [task] = tasks()
    return dict(task.changes or {})


def evaluate(release: EditionRelease) -> EditionRelease:
    """What the worker does, to the end."""
    while evaluate_some(release.pk):
        pass
    release.refresh_from_db()
    return release


def address_of(letter: Letter) -> str:
    return reverse("letters:tasks", args=[letter.case_id, letter.pk])


def see(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


# Tasks


def test_each_signer_of_a_stricter_decision_gets_a_task_in_every_clinic(
    live: Live, therapist: User, other_therapist: User, client_for: Clients
) -> None:
    mine, theirs = make_signed(therapist), make_signed(other_therapist)
    young = make_draft(therapist, make_decision(therapist, age_years=OLDER - 1))
    sign(young, therapist)
    live(FILES)

    release = evaluate(make_released())

    assert {one.letter_id for one in tasks()} == {mine.pk, theirs.pk}
    assert (release.evaluated, release.stricter, release.tasks) == (3, 2, 2)
    for signer, letter, other in ((therapist, mine, theirs), (other_therapist, theirs, mine)):
        page = see(client_for(signer), "cases:list")
        assert f"edition {LATER} is stricter" in page
        assert address_of(letter) in page
        assert address_of(other) not in page


def test_task_and_letter_tell_what_is_stricter_and_the_letter_stays(
    live: Live, therapist: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    live(FILES)
    evaluate(make_released())
    client = client_for(therapist)

    pages = [
        client.get(address_of(letter)).content.decode(),
        see(client, "letters:letter", letter.case_id, letter.pk),
        see(client, "cases:decision_record", letter.case_id, letter.decision.number),
    ]

    for page in pages:
        assert "was Favored by these answers, is <strong>Specialist review first" in page
        assert BECAUSE in page
    with clinic_of(therapist):
        stored = Letter.objects.get(pk=letter.pk)
    assert (bytes(stored.pdf), stored.content) == (bytes(letter.pdf), letter.content)


def test_desk_is_told_that_it_is_stricter_and_nothing_of_the_answers(
    live: Live, therapist: User, staff: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    live(FILES)
    before = see(client_for(staff), "desk:queue")
    evaluate(make_released())
    client = client_for(staff)

    pages = [
        see(client, "desk:queue"),
        see(client, "desk:letter", letter.pk),
        see(client, "letters:detail", letter.pk),
    ]

    assert "is stricter" not in before
    for page in pages:
        assert f"Edition {LATER}" in page
        assert "is stricter" in page
        assert BECAUSE not in page


def test_urgent_rule_that_appears_opens_a_task_by_itself(live: Live, therapist: User) -> None:
    letter = make_signed(therapist)
    urgent = {"id": "urgent-new", "effect": "urgent", "because": "At once.", "evidence": []}
    rule = {**urgent, "when": {"at_least": {"age_years": OLDER}}}
    live(
        {
            "rules.yaml": with_rules(rule),
            "letter.yaml": lambda raw: raw["findings"].update({"urgent-new": "at once"}),
        }
    )

    evaluate(make_released())

    assert [one.letter_id for one in tasks()] == [letter.pk]
    assert changes_of_task()["urgent"] == ["At once."]


def test_edition_that_holds_nothing_back_opens_nothing(live: Live, therapist: User) -> None:
    make_signed(therapist)
    live({})

    release = evaluate(make_released())

    assert tasks() == []
    assert (release.evaluated, release.stricter) == (1, 0)


def test_answer_that_the_later_edition_does_not_take_counts_as_not_known(
    live: Live, therapist: User
) -> None:
    decision = make_decision(therapist, **{OTHER: OLD_VALUE})
    letter = sign(make_draft(therapist, decision), therapist)
    live(OTHERWISE)

    evaluate(make_released())

    tms = next(one for one in changes_of_task()["verdicts"] if one["option"] == "repeat_tms")
    assert [one.letter_id for one in tasks()] == [letter.pk]
    assert tms["after"] == "more_information"
    assert set(tms["waits_for"]) == {OTHER, NEW}


def with_words_for_both(raw: dict[str, Any]) -> None:
    raw["findings"].update({"tms-review-ocd": "OCD", "tms-review-made-up": "made up"})
    raw["ticked"]["made_up"] = "Made up"


def test_list_to_which_the_later_edition_adds_is_read_both_ways(
    live: Live, therapist: User
) -> None:
    """What was ticked counts, and what was not asked is not no."""
    cases: tuple[list[str], ...] = (["ocd"], [])
    for ticked in cases:
        decision = make_decision(therapist, comorbidities=ticked)
        sign(make_draft(therapist, decision), therapist)
    live(
        {
            "questionnaire.yaml": lambda raw: question_of(raw, "comorbidities")["options"].append(
                {"value": "made_up", "label": "Made up"}
            ),
            "rules.yaml": with_rules(
                review_rule(
                    "tms-review-ocd",
                    {"includes": {"comorbidities": "ocd"}},
                    "repeat_tms",
                ),
                review_rule(
                    "tms-review-made-up", {"includes": {"comorbidities": "made_up"}}, "repeat_tms"
                ),
            ),
            "letter.yaml": with_words_for_both,
        }
    )

    evaluate(make_released())

    by_ticks = {
        tuple(one.letter.decision.answers["comorbidities"]["value"]): verdict_of_tms(one)
        for one in tasks()
    }
    assert by_ticks == {
        ("ocd",): "specialist_review",
        (): "more_information",
    }


def verdict_of_tms(task: LetterTask) -> str:
    verdicts = (task.changes or {})["verdicts"]
    return str(next(one["after"] for one in verdicts if one["option"] == "repeat_tms"))


def test_evaluating_again_or_at_once_changes_nothing(live: Live, therapist: User) -> None:
    make_signed(therapist)
    live(FILES)
    release = make_released()
    seen = EditionRelease.objects.get(pk=release.pk)
    with scopes_disabled():
        judged = [
            edition_tasks._judge(one, seen, file_for(one.case, therapist).evidence)
            for one in Decision.objects.all()
        ]

    evaluate(release)
    with scopes_disabled():
        edition_tasks._store(seen, judged)
    evaluate(release)

    release.refresh_from_db()
    assert (len(tasks()), release.evaluated, release.tasks) == (1, 1, 1)


@pytest.mark.both_databases
def test_evaluation_that_was_cut_off_goes_on_where_it_stopped(
    live: Live, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_signed(therapist)
    live(FILES)
    monkeypatch.setattr(edition_tasks, "AT_ONCE", 2)
    release = make_released()

    more = evaluate_some(release.pk)
    release.refresh_from_db()
    part = (release.evaluated, len(tasks()), release.evaluated_at)
    evaluate(release)

    assert more
    assert part == (2, 2, None)
    assert (release.evaluated, len(tasks())) == (3, 3)
    assert release.evaluated_at is not None


def test_letter_that_was_replaced_gets_no_task_and_a_correction_closes_one(
    live: Live, therapist: User
) -> None:
    first = make_signed(therapist)
    second = correct(first, therapist)
    live(FILES)
    evaluate(make_released())
    opened = [one.letter_id for one in tasks()]

    correct(second, therapist, stricter_because=MY_REASON)

    assert opened == [second.pk]
    assert [one.closed_as for one in tasks()] == ["replaced"]


def correct(letter: Letter, therapist: User, **fields: str) -> Letter:
    with clinic_of(therapist):
        draft = start_correction(letter=letter, actor=therapist)
        for name, text in {"replaces_because": "Looked at again.", **fields}.items():
            setattr(draft, name, text)
        draft.save()
    return sign(draft, therapist)


def test_note_closes_the_task_and_the_desk_is_still_told(
    live: Live, therapist: User, staff: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    live(FILES)
    evaluate(make_released())
    client = client_for(therapist)

    client.post(address_of(letter), {"note": "Called them.", "tasks": [tasks()[0].pk]})

    [task] = tasks()
    assert (task.closed_as, task.note) == ("seen", "Called them.")
    assert address_of(letter) not in see(client, "cases:list")
    assert f"Edition {LATER} is stricter" in see(client_for(staff), "desk:queue")


def test_edition_after_it_that_is_not_stricter_ends_the_task(
    live: Live, therapist: User, staff: User, client_for: Clients
) -> None:
    make_signed(therapist)
    folder = live(FILES).parent
    evaluate(make_released())
    make_edition(folder, {}, edition_id="2026.100")

    evaluate(make_released("2026.100"))

    assert [one.closed_as for one in tasks()] == ["eased"]
    assert "is stricter" not in see(client_for(staff), "desk:queue")


def test_decision_of_the_released_edition_itself_is_left_alone(live: Live, therapist: User) -> None:
    decision = make_decision(therapist)
    live(FILES)
    move(decision.case, therapist)
    late = decide_case(decision.case, therapist)
    sign(make_draft(therapist, late), therapist)

    release = evaluate(make_released())

    assert tasks() == []
    assert (release.evaluated, release.stricter) == (2, 1)


def move(case: Case, therapist: User) -> None:
    file = file_for(case, therapist)
    fingerprint = fingerprint_of_move(file, load_edition(LATER))
    with clinic_of(therapist):
        move_case(case=case, actor=therapist, to=LATER, fingerprint=fingerprint)


def test_every_step_is_audited_without_a_word_about_the_patient(
    live: Live, therapist: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    live(FILES)
    release = evaluate(make_released())
    sent = {"note": "Maren knows.", "tasks": [tasks()[0].pk]}
    client_for(therapist).post(address_of(letter), sent)
    write_owed_events()

    opened = Event.objects.get(action="letter.edition_stricter")
    seen = Event.objects.get(action="letter.stricter_seen")

    assert (opened.clinic_id, opened.object_id) == (letter.clinic_id, str(letter.pk))
    assert (opened.reason, opened.actor) == (LATER, release.released_by)
    assert (seen.reason, seen.actor) == (LATER, therapist)
    assert not Event.objects.filter(reason__icontains="Maren").exists()


@pytest.mark.long
@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_decisions(
    live: Live, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_decision(make_decision(therapist), 200)
    live(FILES)
    monkeypatch.setattr(edition_tasks, "AT_ONCE", 20)

    peaks = peaks_of(make_released())

    assert len(peaks) == 11
    assert max(peaks[2:10]) < peaks[1] * 1.2


def copy_decision(decision: Decision, copies: int) -> None:
    fields = {one.attname: getattr(decision, one.attname) for one in Decision._meta.fields}
    with scopes_disabled():
        Decision.objects.bulk_create(
            Decision(**{**fields, "id": uuid4(), "number": number})
            for number in range(2, 2 + copies)
        )


def peaks_of(release: EditionRelease) -> list[int]:
    """The most memory that each part of an evaluation held, in bytes."""
    peaks, more = [], True
    tracemalloc.start()
    while more:
        gc.collect()
        tracemalloc.reset_peak()
        more = evaluate_some(release.pk)
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    return peaks


# Drafts


def test_draft_on_the_older_decision_needs_a_reason_and_prints_it(
    live: Live, therapist: User, client_for: Clients
) -> None:
    draft = make_draft(therapist)
    live(FILES)
    make_released()
    client = client_for(therapist)
    page = see(client, "letters:letter", draft.case_id, draft.pk)
    with pytest.raises(LetterIncompleteError, match="later edition of the rules is stricter"):
        sign(draft, therapist)

    letter = give_reason_and_sign(draft, therapist)
    said = " ".join(paragraphs(letter))

    assert "is stricter than this decision" in page
    assert "Why you sign although a later edition" in page
    assert f"Edition {LATER} of the rules, released on" in said
    assert "Repeat TMS: Specialist review first" in said
    assert f"We write on edition {EARLIER} all the same: {MY_REASON}" in said
    assert letter.stricter_edition == LATER


def paragraphs(letter: Letter) -> list[str]:
    blocks = [one for one in letter.content["blocks"] if one["id"] == "stricter"]
    return [one["text"] for block in blocks for one in block["paragraphs"]]


def give_reason_and_sign(draft: Letter, therapist: User) -> Letter:
    with clinic_of(therapist):
        draft.stricter_because = MY_REASON
        draft.save(update_fields=["stricter_because"])
    return sign(draft, therapist)


def test_letter_signed_with_a_reason_gets_no_task_and_the_desk_is_told(
    live: Live, therapist: User, staff: User, client_for: Clients
) -> None:
    draft = make_draft(therapist)
    live(FILES)
    release = make_released()
    give_reason_and_sign(draft, therapist)

    evaluate(release)

    assert tasks() == []
    assert f"Edition {LATER} is stricter" in see(client_for(staff), "desk:queue")


def test_draft_that_nothing_holds_back_asks_for_no_reason(
    live: Live, therapist: User, client_for: Clients
) -> None:
    draft = make_draft(therapist)
    live({})
    make_released()

    page = see(client_for(therapist), "letters:letter", draft.case_id, draft.pk)
    letter = sign(draft, therapist)

    assert "A stricter edition" not in page
    assert (paragraphs(letter), letter.stricter_edition) == ([], None)


def test_release_after_the_page_was_read_keeps_the_letter_from_being_signed(
    live: Live, therapist: User, client_for: Clients
) -> None:
    draft = make_draft(therapist)
    with clinic_of(therapist):
        fingerprint = compose(draft.pk, therapist).text.content_sha256
    live(FILES)
    make_released()

    response = client_for(therapist).post(
        reverse("letters:sign", args=[draft.case_id, draft.pk]),
        {"fingerprint": fingerprint, "password": "x"},
    )

    assert response.status_code in (409, 422)
    with clinic_of(therapist):
        assert not Letter.objects.get(pk=draft.pk).is_signed


def test_reason_is_kept_by_the_form(live: Live, therapist: User, client_for: Clients) -> None:
    draft = make_draft(therapist)
    live(FILES)
    make_released()
    client = client_for(therapist)
    url = reverse("letters:letter", args=[draft.case_id, draft.pk])

    client.post(url, {"version": draft.saved_at.isoformat(), "stricter_because": MY_REASON})

    with clinic_of(therapist):
        assert Letter.objects.get(pk=draft.pk).stricter_because == MY_REASON


# What may not leave with a letter


SUBSTANCE = with_review(
    "tms-review-remission", {"is": {"substance_use": "remission"}}, "repeat_tms"
)


def test_stricter_by_an_answer_that_is_left_out_asks_for_a_reason_and_prints_nothing(
    live: Live, therapist: User
) -> None:
    decisions = [make_decision(therapist, substance_use=one) for one in ("remission", "none")]
    drafts = [make_draft(therapist, one) for one in decisions]
    live(SUBSTANCE)
    make_released()
    for draft in drafts:
        say_source(draft.case, therapist, "part2_program")

    missing = [ids_of_missing(one, therapist) for one in drafts]
    letters = [give_reason_and_sign(one, therapist) for one in drafts]

    assert ["stricter" in one for one in missing] == [True, False]
    assert [paragraphs(one) for one in letters] == [[], []]


def ids_of_missing(draft: Letter, therapist: User) -> set[str]:
    with clinic_of(therapist):
        return {one.id for one in compose(draft.pk, therapist).missing}


def test_later_question_on_substance_use_is_left_out_of_a_letter_on_an_earlier_decision(
    live: Live, therapist: User
) -> None:
    decision = make_decision(therapist)
    draft = make_draft(therapist, decision)
    because = "Withdrawal comes first."
    live(
        {
            "questionnaire.yaml": asking(
                {"id": "later_withdrawal", "type": "yes_no", "ask": "Withdrawal now?"}
            ),
            "question_names.yaml": lambda raw: raw["names"].update(later_withdrawal="Withdrawal"),
            "rules.yaml": with_rules(
                {
                    "id": "urgent-new",
                    "effect": "urgent",
                    "when": {"is": {"later_withdrawal": "yes"}},
                    "because": because,
                    "evidence": [],
                }
            ),
            "letter.yaml": all_of(
                lambda raw: raw["findings"].update({"urgent-new": "withdrawal"}),
                lambda raw: raw["substance"]["questions"].append("later_withdrawal"),
            ),
        }
    )
    move(decision.case, therapist)
    answer(decision.case, therapist, "later_withdrawal", "yes")
    say_source(decision.case, therapist, "part2_program")

    with clinic_of(therapist):
        text: Any = compose(draft.pk, therapist).text.texts

    assert because not in " ".join(text)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_script", [True, False])
def test_signer_looks_at_a_stricter_edition_in_browser(
    signed_in_page: Callable[..., Page],
    live: Live,
    therapist: User,
    fits: Callable[[Page], None],
    with_script: bool,
) -> None:
    letter = make_signed(therapist)
    live(FILES)
    evaluate(make_released())
    page = signed_in_page(therapist, java_script_enabled=with_script)
    check = fits if with_script else (lambda page: None)

    page.goto("/cases/")
    check(page)
    page.get_by_role("link", name=letter.number).click()
    page.wait_for_url(f"**{address_of(letter)}")
    expect(page.get_by_text(BECAUSE).first).to_be_visible()
    check(page)
    page.get_by_label("What follows from it").fill("Called the clinic.")
    page.get_by_role("button", name="I have seen it").click()

    expect(page.get_by_text("Nothing is open")).to_be_visible()
    check(page)
