"""The pages of a course: what is written down, what is refused, and what the record offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.models import Case, SafetyTask
from decisions.documents.letter.treatment_history import EarlierScore
from decisions.follow_up.models import AdverseEvent, Assessment, Course, FollowUpEnd
from decisions.life.actions import copy_case
from decisions.rules.loading import load_edition
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import Kind
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.follow_up.test_record import begin, enter
from tests.decisions.letters.stored_letters import make_decision

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


def at(name: str, case: Case, *more: object) -> str:
    return reverse(f"follow_up:{name}", args=[case.pk, *more])


def page_of(client: Client, case: Case) -> str:
    return client.get(at("course", case)).content.decode()


def test_course_is_written_down_changed_and_told_in_words(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist), client_for(therapist)
    today = timezone.localdate()
    first = today - timedelta(days=40)
    assert "No course of treatment is written down yet" in page_of(client, case)

    wrong = client.post(at("add", case), {"option": "ketamine", "state": "running"})
    typo = {"option": "ketamine", "state": "running", "first_session_on": "0001-01-05"}
    assert client.post(at("add", case), typo).status_code == 422
    right = client.post(
        at("add", case), {"option": "ketamine", "state": "running", "first_session_on": first}
    )
    again = client.post(
        at("add", case), {"option": "ketamine", "state": "running", "first_session_on": first}
    )
    enter(case, therapist, (2,) * 8 + (0,), taken_on=first - timedelta(days=2))
    enter(case, therapist, (1,) * 8 + (0,), taken_on=first + timedelta(days=27))

    assert (wrong.status_code, right.status_code, again.status_code) == (422, 302, 422)
    assert "Enter the day of the first session" in wrong.content.decode()
    assert "under way already" in again.content.decode()
    page = page_of(client, case)
    assert "PHQ-9 16 to 8" in page
    assert "day 27: response, reliable improvement." in page
    assert "No decision was recorded before it" in page
    assert page.count("<rect") > 4


def test_course_follows_no_decision_of_a_later_day(therapist: User, client_for: Clients) -> None:
    decision, today = make_decision(therapist), timezone.localdate()
    posted = {"option": "ketamine", "state": "running", "decision": decision.pk}
    send = partial(client_for(therapist).post, at("add", decision.case))

    later = send({**posted, "first_session_on": today - timedelta(days=1)})
    same_day = send({**posted, "first_session_on": today})

    assert (later.status_code, same_day.status_code) == (422, 302)
    assert "Recorded after the first session" in later.content.decode()


def test_earlier_score_is_drawn_and_in_the_table(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    score = EarlierScore(scale="phq9", score=21, taken="2025-03-04")
    with clinic_of(therapist):
        add_row(case=case, actor=therapist, kind=Kind.SCORES, values=score)

    page = page_of(client, case)

    assert "Over time" in page
    row = page.partition("Every form</caption>")[2].partition("</table>")[0]
    assert "21" in row
    assert "counted nowhere" in row


def test_two_people_change_a_course_and_both_are_shown(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist), client_for(therapist)
    course = begin(case, therapist)
    url = at("change", case, course.pk)
    mine = {
        "option": "ketamine",
        "state": "completed",
        "first_session_on": "2026-01-05",
        "last_session_on": "2026-02-02",
        "version": 1,
    }

    client.post(url, {**mine, "sessions": 8})
    conflict = client.post(url, {**mine, "sessions": 9})
    kept = client.post(url, {**mine, "sessions": 9, "version": 2})

    text = conflict.content.decode()
    assert (conflict.status_code, kept.status_code) == (409, 302)
    assert "8 sessions" in text
    assert 'value="9"' in text
    assert 'name="version" value="2"' in text
    with clinic_of(therapist):
        assert Course.objects.get(pk=course.pk).sessions == 9


def test_form_is_entered_and_item_9_is_heard_even_where_it_cannot_be_saved(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist), client_for(therapist)
    items = {f"phq9.item{n}": "1" for n in range(1, 10)}

    no_day = client.post(at("enter", case), items)
    with clinic_of(therapist):
        opened = SafetyTask.objects.get(case=case).item9
    today = {"phq9.assessed_on": timezone.localdate()}
    saved = client.post(at("enter", case), {**items, **today})
    client.post(at("enter", case), {**items, **today})
    paper = client.post(
        f"{at('enter', case)}?instrument=gad7",
        {"gad7.total": "12", "gad7.assessed_on": timezone.localdate()},
    )

    assert (no_day.status_code, saved.status_code, paper.status_code) == (422, 302, 302)
    assert "Enter the day on which the form was filled in" in no_day.content.decode()
    assert opened == 1
    with clinic_of(therapist):
        found = Assessment.objects.filter(case=case).order_by("authored_at")
        assert [(one.total, one.source) for one in found] == [(9, "clinician"), (12, "paper_total")]
    assert client.get(f"{at('enter', case)}?instrument=madrs").status_code == 404


def test_what_was_wrong_is_voided_with_a_reason_and_stays(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist), client_for(therapist)
    course, form = begin(case, therapist), enter(case, therapist, (2,) * 8 + (0,))
    client.post(at("event", case, course.pk), {"kind": "syncope", "happened_on": "2026-01-06"})
    client.post(at("end", case), {"kind": "moved", "ended_on": timezone.localdate()})
    with clinic_of(therapist):
        event, end = AdverseEvent.objects.get(), FollowUpEnd.objects.get()

    why = {"because": "Another patient's."}
    for url in (
        at("void_form", case, form.pk),
        at("void_event", case, event.pk),
        at("void_end", case),
    ):
        assert client.post(url, {}).status_code == 422
        assert client.post(url, why).status_code == 302
        assert client.post(url, why).status_code == 409

    with clinic_of(therapist):
        for row in (form, event, end):
            row.refresh_from_db()
            assert row.is_voided
    assert "Another patient" in page_of(client, case)


def test_record_offers_answers_and_takes_none_itself(therapist: User, client_for: Clients) -> None:
    case, client = (
        make_case(therapist, tms_courses=1, tms_best_response="response"),
        client_for(therapist),
    )
    answer(case, therapist, "phq9", {"items": [1] * 8 + [0]}, assessed_on=ago(300))
    begin(
        case,
        therapist,
        option="repeat_tms",
        state="completed",
        first_session_on=ago(250),
        last_session_on=ago(220),
        sessions=36,
    )
    for days, each in ((252, 2), (222, 1), (60, 2), (6, 2)):
        enter(case, therapist, (each,) * 8 + (0,), taken_on=ago(days))
    history = reverse("cases:section", args=[case.pk, "tms_history"])
    shown = client.get(history).content.decode()

    assert "5 months (last session on" in shown
    assert "36 sessions (the course that began" in shown
    assert stored(case, therapist, "tms_benefit_months") is None
    other = client.post(history, {"offered": "tms_benefit_months", "tms_benefit_months.offer": "x"})
    assert other.status_code == 422
    taken = client.post(history, pressed(client, history, "tms_benefit_months"))
    assert taken.status_code == 302
    assert stored(case, therapist, "tms_benefit_months") == 5

    count = forms_kept(case, therapist)
    scores = reverse("cases:section", args=[case.pk, section_of(case, "phq9")])
    press = pressed(client, scores, "phq9")
    client.post(scores, press)
    assert stored(case, therapist, "phq9") == {"items": [2] * 8 + [0]}
    assert forms_kept(case, therapist) == count
    gone = client.post(scores, press)
    assert gone.status_code == 422


def test_total_that_the_record_offers_without_item9_is_asked_about_on_its_card(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist), client_for(therapist)
    paper = {"phq9.total": "12", "phq9.assessed_on": timezone.localdate()}
    client.post(f"{at('enter', case)}?instrument=phq9", paper)
    card = reverse("cases:card", args=[case.pk, "phq9"])
    view = client.get(card).context["card"].questions[0].view
    press = {"phq9.token": str(view.token), "phq9.offer": view.offer.digest, "offered": "phq9"}

    asked = client.post(card, press)

    assert asked.status_code == 200
    assert stored(case, therapist, "phq9") == {"total": 12}
    again = asked.context["card"].questions[0].view
    assert again.filled.total == "12"
    said = {"phq9.token": str(again.token), "phq9.total": "12", "phq9.item9_unknown": "1"}
    assert client.post(card, said).status_code == 302


def test_benefit_is_of_the_course_that_helped_most_and_ends_in_the_next_episode(
    therapist: User, client_for: Clients
) -> None:
    """Counted from the last session on, up to a relapse that is entered in a copy of the case."""
    case, client = make_case(therapist), client_for(therapist)
    for first, last, scores in (
        (900, 860, ((901, 2), (872, 1), (840, 2))),
        (500, 400, ((501, 2), (470, 0))),
    ):
        days = {"first_session_on": ago(first), "last_session_on": ago(last)}
        begin(case, therapist, option="repeat_tms", state="completed", **days)
        for day, each in scores:
            enter(case, therapist, (each,) * 8 + (0,), taken_on=ago(day))
    with clinic_of(therapist):
        copy = copy_case(case=case, actor=therapist)
    for name, value in (("tms_courses", 2), ("tms_best_response", "remission")):
        answer(copy, therapist, name, value)
    history = reverse("cases:section", args=[copy.pk, "tms_history"])

    assert "last session on" not in client.get(history).content.decode()
    enter(copy, therapist, (2,) * 8 + (0,), taken_on=ago(300))
    shown = client.get(history).content.decode()

    assert "3 months (last session on" in shown


def pressed(client: Client, page: str, question: str) -> dict[str, str]:
    """What the button of an offer sends."""
    views = client.get(page).context["page"].questions
    view = next(one for one in views if one.id == question)
    named = {f"{question}.token": str(view.token), f"{question}.offer": view.offer.digest}
    return {"offered": question, **named}


def ago(days: int) -> Any:
    return timezone.localdate() - timedelta(days=days)


def stored(case: Case, therapist: User, question: str) -> object:
    with clinic_of(therapist):
        row = case.answers.filter(question=question).first()
    return row.value if row else None


def forms_kept(case: Case, therapist: User) -> int:
    with clinic_of(therapist):
        return Assessment.objects.filter(case=case).count()


def section_of(case: Case, question: str) -> str:
    return load_edition(case.edition).questionnaire.section_of(question).id
