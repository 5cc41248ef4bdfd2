"""Every form of the app takes what it shows: posted untouched, it is saved and shows the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.documents.letter.treatment_history import KINDS
from decisions.letters.models import Letter
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import Kind
from kapnet.core.accounts.policies import EVIDENCE_ADMIN, may
from kapnet.core.people.models import Role, User
from tests.around import around_all
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.letters.letter_factories import FACTS
from tests.decisions.letters.stored_letters import write_facts
from tests.decisions.plans.plan_factories import store
from tests.whole.matrix.routes import Route, routes
from tests.whole.matrix.shown_forms import ShownForm, shown_forms
from tests.whole.matrix.test_matrix import place_of
from tests.whole.matrix.world import World

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parents[3] / "templates"
NOT_SHOWN = {
    "503.html",
    "account/_sign_in_form.html",
    "account/kept_post.html",
    "account/logout.html",
    "account/password_set.html",
    "letters/_newer_decision.html",
    "life/_handover.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/recovery_codes/generate.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa/webauthn/reauthenticate.html",
    "smart/patient.html",
    "smart/person.html",
}
"""Forms that show nothing filled in: passwords, codes, keys, single buttons, what a newer decision
offers a letter (see `letters`), and what a launch from an EHR asks once (see `smart`)."""

ROLES = (*Role.values, EVIDENCE_ADMIN)
DAY = "2024-05-17"
ROWS: dict[str, dict[str, Any]] = {
    "tms_courses": {
        **dict.fromkeys(("started", "ended", "lost_on"), DAY),
        **dict.fromkeys(("score_before_on", "score_after_on"), DAY),
        "device": "figure-8",
        "target": "left DLPFC",
        "protocol": "10 Hz",
        "sessions": 36,
        "scale": "phq9",
        "score_before": 20,
        "score_after": 9,
    },
    "trials": {"drug": "Sertraline", "drug_class": "ssri", "weeks": 8, "highest_dose": "200 mg"},
    "others": {"kind": "ect", "number": 12, "started": DAY, "ended": DAY, "details": "bitemporal"},
    "medicines": {"name": "Lithium", "dose": "900 mg", "frequency": "daily", "since": DAY},
    "allergies": {"substance": "Penicillin", "reaction": "rash"},
    "scores": {"scale": "madrs", "score": 31, "taken": DAY, "is_incomplete": True},
}
ONE_PRESS = ("account_logout", "end_tour")
"""Whatever they are sent, the person is elsewhere afterwards."""


def fill(world: World) -> list[str]:
    """Rows of every kind, a plan and facts, each filled in; returns the pages of the rows."""
    with scopes_disabled():
        case = Case.objects.select_related("clinic", "therapist").get(pk=world.objects["case_id"])
    therapist: User = case.therapist
    with clinic_of(therapist):
        rows = [
            add_row(case=case, actor=therapist, kind=kind, values=KINDS[kind](**ROWS[kind]))
            for kind in Kind.values
        ]
    write_facts(case, therapist, **FACTS.model_dump(exclude_none=True))
    store(case, therapist)
    return [reverse("history:row", args=[case.pk, row.pk]) for row in rows]


def pages(world: World) -> Iterator[tuple[Client, str]]:
    """Every address with somebody who may open it, and each section and kind of row."""
    case_id = world.objects["case_id"]
    for route in (one for one in routes() if not one.is_admin):
        if route.name.split(":")[-1] not in ONE_PRESS:
            yield client_for(world, route), place_of(route, world.own(route))
    therapist = world.clients[Role.THERAPIST]
    for section in load_edition(CURRENT_EDITION).questionnaire.sections:
        yield therapist, reverse("cases:section", args=[case_id, section.id])
    for kind in Kind.values:
        yield therapist, reverse("history:add", args=[case_id, kind])
    for address in fill(world):
        yield therapist, address
    yield from rare_pages(world)
    yield world.patient, reverse("patient_forms:form")
    yield world.patient, reverse("patient_forms:send")
    several = reverse("curation:withdraw_several", args=[world.objects["entry_kind"]])
    yield (
        world.clients[EVIDENCE_ADMIN],
        f"{several}?key={world.objects['entry_key']}&key=philip-2016",
    )


def rare_pages(world: World) -> Iterator[tuple[Client, str]]:
    """A case of which nothing is known, a signed letter, a draft behind which an answer changed."""
    with scopes_disabled():
        signed = Letter.objects.get(pk=world.signed_id)
        draft = Letter.objects.select_related("case").get(pk=world.objects["letter_id"])
    therapist, client = draft.case.therapist, world.clients[Role.THERAPIST]
    yield client, reverse("cases:several", args=[make_case(therapist).pk])
    yield client, reverse("letters:letter", args=[signed.case_id, signed.pk])
    with clinic_of(therapist):
        answer(draft.case, therapist, "age_years", 45)
    yield client, reverse("letters:letter", args=[draft.case_id, draft.pk])


def client_for(world: World, route: Route) -> Client:
    if route.action == "form.answer":
        return world.patient
    role = next((one for one in ROLES if may(one, route.action)), Role.STAFF)
    return world.clients[role]


def refused_in(answer: Any) -> dict[str, list[str]]:
    """Field -> what was wrong with it, of every form of an answer."""
    layers = answer.context or []
    forms = {
        id(one): one
        for layer in layers
        for one in layer.flatten().values()
        if isinstance(one, BaseForm) and one.is_bound
    }
    return {
        name: [str(error) for error in errors]
        for one in forms.values()
        for name, errors in one.errors.items()
    }


def problem_with(client: Client, page: str, form: ShownForm) -> str:
    """What a person would say who pressed the button of an untouched form."""
    answer = client.post(form.action or page, form.data)
    if answer.status_code in (302, 303, 204):
        again = client.get(page)
        shown = shown_forms(again.content.decode()) if again.status_code == 200 else []
        same = [one.seen for one in shown if one.action == form.action]
        names = [name for name, _ in form.seen]
        changed = [one for one in same if [name for name, _ in one] == names and one != form.seen]
        return f"shows another thing: {changed}" if changed and form.seen not in same else ""
    wrong = {name: said for name, said in refused_in(answer).items() if name in form.filled}
    if wrong:
        return f"refuses what it showed: {wrong}"
    is_said = refused_in(answer) or b'role="alert"' in answer.content
    if answer.status_code == 422 and not is_said:
        return "422 without a reason"
    return "" if answer.status_code in (200, 422) else str(answer.status_code)


def templates_that_post() -> set[str]:
    """The templates that hold a form of their own."""
    return {
        str(one.relative_to(TEMPLATES))
        for one in TEMPLATES.rglob("*.html")
        if 'method="post"' in one.read_text()
    }


def test_every_form_takes_what_it_shows(world: World) -> None:
    tried, problems = set(), []
    shown_from: set[str | None] = set()

    for client, page in pages(world):
        answer = client.get(page)
        shown_from |= {one.name for one in answer.templates}
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        for form in shown_forms(answer.content.decode()):
            key = (form.action or page, tuple(name for name, _ in form.sent))
            if key in tried or form.action == reverse("account_logout"):
                continue
            tried.add(key)
            cookies = client.cookies.output(header="", sep=";")
            with around_all():
                if problem := problem_with(client, page, form):
                    problems.append((page, form.action, problem))
                transaction.set_rollback(True)
            client.cookies.load(cookies)

    assert len(tried) > 60
    assert problems == []
    assert sorted(templates_that_post() - shown_from) == sorted(NOT_SHOWN)
