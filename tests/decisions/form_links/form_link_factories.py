"""A patient with a link, as tests of both sides need them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case
from decisions.form_links.actions import Made, make_link
from decisions.form_links.cards import CARDS
from decisions.form_links.models import FormLink
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case

PATIENT = "Sentinel Linkpatient"
BORN = date(1984, 3, 27)
RIGHT = {"month": "3", "day": "27", "year": "1984"}
WRONG = {"month": "4", "day": "27", "year": "1984"}


def patients_case(therapist: User, **answers: Any) -> Case:
    return make_case(therapist, name=PATIENT, born=BORN, **answers)


def make(
    case: Case, therapist: User, *, cards: tuple[str, ...] = CARDS, how: str = "shown"
) -> Made:
    with clinic_of(therapist):
        return make_link(case=case, actor=therapist, cards=cards, read_within_days=2, sent_as=how)


def link_now(made: Made, therapist: User) -> FormLink:
    with clinic_of(therapist):
        return FormLink.objects.get(pk=made.link.pk)


def start(client: Client, secret: str, born: Mapping[str, str] = RIGHT) -> HttpResponse:
    return client.post(reverse("patient_forms:start", args=[secret]), born)  # type: ignore[return-value]


def opened(secret: str) -> Client:
    """A browser of the patient that entered the date of birth."""
    client = Client()
    assert start(client, secret).status_code == 303
    return client


def send_card(client: Client, card: str, **answers: object) -> HttpResponse:
    return client.post(reverse("patient_forms:form"), {"card": card, **answers})  # type: ignore[return-value]


def items(*points: int | None) -> dict[str, object]:
    return {f"item{n}": one for n, one in enumerate(points, 1) if one is not None}
