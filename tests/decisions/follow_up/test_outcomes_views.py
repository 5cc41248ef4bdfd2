"""Reports of a clinic: who may count and read, and that what was counted stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from decisions.cases.models import Case
from decisions.follow_up.assessments.actions import void_assessment
from decisions.follow_up.courses.actions import end_follow_up, note_event
from decisions.follow_up.courses.due_telling import followed_up_no_more
from decisions.follow_up.models import Assessment, CohortReport
from decisions.life.actions import copy_case
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.follow_up.test_record import begin, enter
from tests.decisions.rules.outcomes.test_cohort import recounted

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
OUTCOMES = "/outcomes/"


def ago(days: int) -> Any:
    return timezone.localdate() - timedelta(days=days)


def treat(therapist: User, name: str, *scores: tuple[int, int]) -> None:
    """A patient whose first session was 120 days ago. scores: day, and a ninth of the total."""
    case = make_case(therapist, name=name)
    begin(case, therapist, first_session_on=ago(120))
    for day, each in scores:
        enter(case, therapist, (each,) * 8 + (0,), taken_on=ago(120 - day))


def asked(**changes: object) -> dict[str, object]:
    return {"option": "ketamine", "first": ago(200), "last": ago(100), **changes}


def test_report_is_counted_once_and_stays(
    therapist: User, manager: User, staff: User, client_for: Clients
) -> None:
    treat(therapist, "One", (-3, 2), (28, 1), (84, 0))
    treat(therapist, "Two", (-3, 2))
    client = client_for(therapist)

    assert client.post(OUTCOMES, asked(last=ago(300))).status_code == 422
    made = client.post(OUTCOMES, asked())
    url = made["Location"]
    first = body(client.get(url))
    document = client.get(f"{url}report.json").content
    treat(therapist, "Three", (-3, 2), (28, 0))
    with clinic_of(therapist):
        report = CohortReport.objects.get()

    assert body(client.get(url)) == first
    assert client.get(f"{url}report.json").content == document
    assert sha256(document).hexdigest() == report.sha256
    assert report.sha256 in first
    assert "People often improve over time without the treatment" in first
    assert "Nobody knows how many" in first
    assert (
        body(client_for(manager).get(url)).split("This report as a file")[0]
        == (first.split("This report as a file")[0])
    )
    assert client_for(staff).get(url).status_code == 403


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text.partition("<main")[2].partition("</main>")[0]


def test_rows_go_along_for_a_reason_and_say_the_same(
    therapist: User, manager: User, client_for: Clients
) -> None:
    treat(therapist, "Maren Sentinel", (-3, 2), (28, 1), (84, 0))
    treat(therapist, "Two", (-3, 2))
    treat(therapist, "Three", (-3, 1), (28, 0))
    client = client_for(therapist)
    url = client.post(OUTCOMES, asked())["Location"]

    assert client.post(f"{url}rows/", {}).status_code == 422
    found = client.post(f"{url}rows/", {"because": "check"})
    again = recounted(found.content.decode())

    assert again["phq9"]["28"]["due"] == 2
    assert again["phq9"]["28"]["missing"] == 1
    assert again["phq9"]["28"]["response"]["count"] == 1
    assert again["phq9"]["84"]["remission"]["count"] == 1
    text = found.content.decode()
    assert "Sentinel" not in text
    assert str(ago(120).year) not in text.replace("d-3", "")
    event = Event.objects.get(action="outcomes.exported")
    assert (event.actor, event.reason) == (therapist, "check")
    assert client_for(manager).get(f"{url}rows/").status_code == 403


def test_person_is_counted_once_and_voided_forms_are_not(
    therapist: User, client_for: Clients
) -> None:
    treat(therapist, "One", (-3, 2), (28, 1))
    with clinic_of(therapist):
        form = Assessment.objects.order_by("-taken_on")[0]
        copy = copy_case(case=form.case, actor=therapist)
        void_assessment(assessment=form, actor=therapist, because="Another patient's.")
    begin(copy, therapist, first_session_on=ago(110))
    url = client_for(therapist).post(OUTCOMES, asked())["Location"]

    with clinic_of(therapist):
        rows = CohortReport.objects.get().rows
    assert [one["phq9_after"] for one in rows] == [[]]
    document = json.loads(client_for(therapist).get(f"{url}report.json").content)
    assert any("counted once" in one for one in document["notes"])


def test_what_is_known_from_the_next_episode_counts(therapist: User, client_for: Clients) -> None:
    """A relapse, another treatment and a death are entered where the patient is seen by then."""
    treat(therapist, "One", (-3, 2), (28, 1))
    with clinic_of(therapist):
        case = Case.objects.get()
        copy = copy_case(case=case, actor=therapist)
    enter(copy, therapist, (2,) * 8 + (3,), taken_on=ago(120 - 84))
    again = begin(copy, therapist, first_session_on=ago(110))
    begin(copy, therapist, option="repeat_tms", first_session_on=ago(40))
    with clinic_of(therapist):
        said = {"happened_on": ago(50), "kind": "attempt", "is_serious": True}
        note_event(course=again, actor=therapist, values=said)
        end = {"ended_on": ago(1), "kind": "died"}
        end_follow_up(case=copy, actor=therapist, values=end)
        assert set(followed_up_no_more()) == {case, copy}
    client_for(therapist).post(OUTCOMES, asked())

    with clinic_of(therapist):
        (row,) = CohortReport.objects.get().rows
    assert row["phq9_after"] == [[28, 8], [84, 19]]
    assert (row["next_course"], row["another_treatment"]) == (10, True)
    assert (row["serious_events"], row["new_item9"], row["ended"]) == (1, True, "died")


def test_no_page_of_outcomes_promises() -> None:
    """Words that a count of outcomes does not bear, in everything that these pages print."""
    forbidden = ("success rate", "proven", "works for", "cure", "best score", "ranking")
    files = [
        *settings.BASE_DIR.glob("templates/follow_up/*.html"),
        settings.BASE_DIR / "decisions/rules/words/outcomes.yaml",
    ]
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8").lower().replace("secure", "")
        assert [one for one in forbidden if one in text] == [], file
