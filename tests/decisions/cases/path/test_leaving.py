"""Groups of open questions left to who clears them: kept, moved, in conflict, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.actions import AnswerConflictError
from decisions.cases.edition.moving import fingerprint_of_move, move_case
from decisions.cases.models import Case
from decisions.cases.path.leaving import leave_open, left_to, not_known, take_back
from decisions.cases.progress import progress_of
from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.short_path import open_for
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import (
    answer,
    clinic_of,
    file_for,
    make_case,
    page_of,
    post_section,
    save_by_htmx,
)
from tests.decisions.live_editions import LATER

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
LEFT = "left_to_prescriber"


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, heart="stable", liver="unknown")


def leave(case: Case, user: User, who: str = "prescriber") -> None:
    file = file_for(case, user)
    with clinic_of(user):
        leave_open(file=file, who=who, actor=user)


def test_what_is_open_is_left_and_what_is_answered_stays(case: Case, therapist: User) -> None:
    leave(case, therapist)

    file = file_for(case, therapist)
    left = {name for name, raw in file.raw_answers.items() if raw == LEFT}
    assert left == file.answers.left == {one.id for one in left_to(file, "prescriber")}
    assert {"bladder", "pregnancy", "substance_use"} <= left
    assert not {"heart", "liver", "head_metal", "bp_systolic", "vascular_outside_head"} & left
    assert file.raw_answers["heart"] == "stable"
    assert file.raw_answers["liver"] == "unknown"
    assert not open_for(file.answers, "prescriber")
    progress = progress_of(file.edition.questionnaire.questions, file.answers)
    assert set(progress.left) == left
    assert progress.not_known == ("liver",)
    assert Event.objects.filter(action="answer.saved", reason="").count() >= len(left)


def test_taken_back_they_are_open_again(case: Case, therapist: User) -> None:
    leave(case, therapist)
    leave(case, therapist, "tms_provider")

    file = file_for(case, therapist)
    with clinic_of(therapist):
        take_back(file=file, who="prescriber", actor=therapist)

    file = file_for(case, therapist)
    assert not left_to(file, "prescriber")
    assert left_to(file, "tms_provider")
    assert "bladder" in {one.id for one in open_for(file.answers, "prescriber")}


def test_answered_meanwhile_stays_and_the_rest_is_left(case: Case, therapist: User) -> None:
    seen = file_for(case, therapist)
    answer(case, therapist, "bladder", "yes")

    with clinic_of(therapist):
        leave_open(file=seen, who="prescriber", actor=therapist)

    answers = file_for(case, therapist).raw_answers
    assert answers["bladder"] == "yes"
    assert answers["thyroid"] == LEFT


def test_answer_given_over_what_was_left_meanwhile_is_a_conflict(
    case: Case, therapist: User
) -> None:
    leave(case, therapist)

    with pytest.raises(AnswerConflictError):
        answer(case, therapist, "bladder", "no", version=0)


def test_section_page_shows_it_and_an_ordinary_post_keeps_it(
    case: Case, therapist: User, client_for: ClientFor
) -> None:
    leave(case, therapist)
    client = client_for(therapist)

    html = page_of(client, case, "ketamine_safety")
    post_section(client, case, "ketamine_safety", bladder=LEFT, thyroid="no", bp_systolic="124")

    assert f'id="bladder-{LEFT}" name="bladder" value="{LEFT}" checked' in html
    assert "Left to the prescriber" in html
    assert f"bp_systolic-{LEFT}" not in html
    answers = file_for(case, therapist).raw_answers
    assert (answers["bladder"], answers["thyroid"], answers["bp_systolic"]) == (LEFT, "no", 124)
    refused = save_by_htmx(client, case, "scope", "psychosis", value=LEFT)
    assert refused.status_code == 422
    checked = client.get(reverse("cases:check", args=[case.pk])).content.decode()
    assert "<em>Left to the prescriber</em>" in checked
    assert "left to who clears them" in checked


def test_not_known_answers_what_is_open_and_nothing_that_must_be_known(
    case: Case, therapist: User
) -> None:
    file, scope = file_for(case, therapist), load_edition().questionnaire.section("scope")
    with clinic_of(therapist):
        not_known(file=file, questions=scope.questions, actor=therapist)

    answers: dict[str, Any] = file_for(case, therapist).raw_answers
    assert answers["pregnancy"] == answers["mixed_features"] == "unknown"
    assert (
        not {"age_years", "diagnosis", "psychosis", "mania_now", "life_threatening"}
        & answers.keys()
    )


def test_whole_section_is_not_known_at_one_press_and_what_was_typed_is_saved(
    case: Case, therapist: User, client_for: ClientFor
) -> None:
    client = client_for(therapist)

    response = post_section(
        client, case, "ketamine_safety", heart="stable", thyroid="no", all_not_known="1"
    )

    answers = file_for(case, therapist).raw_answers
    assert response["Location"].endswith("/ketamine_safety/")
    assert (answers["heart"], answers["thyroid"], answers["bladder"]) == ("stable", "no", "unknown")
    assert "bp_systolic" not in answers
    assert "not known to me" not in page_of(client, case, "ketamine_safety")


def test_move_to_an_edition_with_another_clearer_asks_again(
    case: Case, therapist: User, live: Callable[..., Path]
) -> None:
    leave(case, therapist)

    def other_clearer(raw: dict[str, Any]) -> None:
        raw["cleared_by"]["prescriber"]["questions"].remove("bladder")
        raw["cleared_by"]["tms_provider"]["questions"].append("bladder")

    live({"short_path.yaml": other_clearer})
    seen = file_for(case, therapist)
    fingerprint = fingerprint_of_move(seen, load_edition(LATER))
    with clinic_of(therapist):
        assert move_case(case=case, actor=therapist, to=LATER, fingerprint=fingerprint)

    file = file_for(case, therapist)
    assert "bladder" in file.set_aside
    assert "bladder" not in file.raw_answers
    assert file.raw_answers["thyroid"] == LEFT
