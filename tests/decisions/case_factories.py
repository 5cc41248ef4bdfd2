"""Cases and answers for the tests of the database and the pages: states are reached by actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from decisions.cases.actions import Saved, open_case, save_answer
from decisions.cases.case_columns import weigh
from decisions.cases.case_file import CaseFile, item9_in
from decisions.cases.models import Answer, Case
from decisions.cases.queries import cases_with_context, file_of
from decisions.cases.safety.tasks import close_safety_task
from decisions.cases.section.signals import answer_saved
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.questionnaire import Question
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User

FORM_OF_TWOS = {"items": [2, 2, 2, 2, 2, 2, 2, 2, 0]}
POSITIVE_FORM = {"items": [2, 2, 2, 2, 2, 2, 2, 2, 1]}


@contextmanager
def clinic_of(user: User) -> Iterator[None]:
    """The scope in which this person's requests run."""
    with scope(clinic=user.membership.clinic):
        yield


def make_case(
    therapist: User, *, name: str = "Maren Testcase", born: date | None = None, **answers: Any
) -> Case:
    """A case of this therapist with these plain answers, stored as if each had been saved."""
    with clinic_of(therapist):
        case = open_case(
            clinic=therapist.membership.clinic,
            therapist=therapist,
            patient_name=name,
            date_of_birth=born,
        )
        if answers:
            _store(case, therapist, answers)
    return case


@transaction.atomic
def _store(case: Case, actor: User, answers: dict[str, Any]) -> None:
    """Answers of a new case, at once: forty saves one by one cost more than most tests.

    What a person's save does more than write, they still do: a second answer to the age, and one
    that tells of item 9, which may open a safety task. Who hears of an answer hears of a form.
    """
    questionnaire = load_edition(case.edition).questionnaire
    by_person = {"age_years"} if case.date_of_birth else set()
    at_once = []
    for place, (question_id, raw) in enumerate(answers.items(), 1):
        row = _row(case, actor, questionnaire.question(question_id), raw, place)
        if item9_in(questionnaire.question(question_id), row):
            by_person.add(question_id)
        elif raw is not None and question_id not in by_person:
            at_once.append(row)
    Answer.objects.bulk_create(at_once)
    Event.objects.bulk_create(_event(row) for row in at_once)
    if at_once:
        Case.objects.filter(pk=case.pk).update(last_change=at_once[-1].saved_at)
    weigh(case)
    forms = [one for one in at_once if questionnaire.question(one.question).instrument]
    file = file_for(case, actor) if forms else None
    for row in forms:
        answer_saved.send(Answer, file=file, before=None, row=row)
    for question_id in [one for one in answers if one in by_person]:
        answer(case, actor, question_id, answers[question_id])


def _row(case: Case, actor: User, question: Question, raw: Any, place: int) -> Answer:
    if raw is not None:
        read_answer(question, raw)
    return Answer(
        case=case,
        question=question.id,
        value=raw,
        edition=case.edition,
        assessed_on=timezone.localdate(),
        saved_at=case.created_at + place * timedelta.resolution,
        saved_by=actor,
    )


def _event(row: Answer) -> Event:
    return Event(
        action="answer.saved",
        actor=row.saved_by,
        clinic=row.case.clinic,
        object_type="answer",
        object_id=row.question,
        case_id=row.case.pk,
    )


def file_for(case: Case, user: User) -> CaseFile:
    """The case as it stands now, as this person's request reads it."""
    with clinic_of(user):
        return file_of(cases_with_context().get(pk=case.pk))


def answer(
    case: Case,
    actor: User,
    question_id: str,
    raw: object,
    *,
    version: int | None = None,
    assessed_on: date | None = None,
) -> Saved:
    """Save an answer; without a version as somebody who sees the newest page."""
    file = file_for(case, actor)
    row = file.rows.get(question_id)
    with clinic_of(actor):
        return save_answer(
            file=file,
            question_id=question_id,
            raw=raw,
            version=(row.version if row else 0) if version is None else version,
            actor=actor,
            assessed_on=assessed_on,
        )


def close_task(case: Case, user: User) -> None:
    """Close the safety task by somebody who sees the newest page."""
    seen = file_for(case, user).open_task
    with clinic_of(user):
        close_safety_task(
            case=case,
            actor=user,
            assessment="Interview",
            agreed="Safety plan",
            item9=seen.highest.points if seen else 0,
        )


def section_url(case: Case, section_id: str) -> str:
    """The address of a section."""
    return reverse("cases:section", args=[case.pk, section_id])


def token_in(html: str, question_id: str) -> str:
    """The version of an answer that a page shows."""
    found = re.search(rf'name="{question_id}\.token" value="([^"]*)"', html)
    assert found, f"{question_id} is not on the page"
    return found.group(1)


def page_of(client: Client, case: Case, section_id: str) -> str:
    """The page of a section."""
    response = client.get(section_url(case, section_id))
    assert response.status_code == 200
    return response.content.decode()


def save_by_htmx(
    client: Client, case: Case, section_id: str, question_id: str, *, token: str = "", **fields: str
) -> Any:
    """One save as the page sends it when an answer changes; `item9` stands for `phq9.item9`."""
    token = token or token_in(page_of(client, case, section_id), question_id)
    data: dict[str, Any] = {"question": question_id, f"{question_id}.token": token}
    for name, value in fields.items():
        data[question_id if name == "value" else f"{question_id}.{name}"] = value
    url = section_url(case, section_id)
    return client.post(url, data, headers={"HX-Request": "true"})


def post_section(client: Client, case: Case, section_id: str, **answers: Any) -> Any:
    """An ordinary post of a section with these controls filled in; `__` stands for the dot."""
    html = page_of(client, case, section_id)
    tokens = dict(re.findall(r'name="([a-z0-9_]+\.token)" value="([^"]*)"', html))
    named = {name.replace("__", "."): value for name, value in answers.items()}
    return client.post(section_url(case, section_id), {**tokens, **named})
