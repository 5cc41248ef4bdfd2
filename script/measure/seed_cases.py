"""Many cases with all answers of a vignette in one clinic, and fewer in another."""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402
from django_scopes import scope  # noqa: E402

from decisions.cases.actions import open_case  # noqa: E402
from decisions.cases.models import (  # noqa: E402
    Answer,
    Case,
)
from kapnet.core.people.models import User  # noqa: E402
from script.measure.seed import seed  # noqa: E402

MANY, FEW = "therapist@demo.example", "therapist@other.example"


def copies(email: str, count: int, answers: list[Answer]) -> None:
    """This many cases of a person, with names of their own and these answers."""
    person = User.objects.select_related("membership__clinic").get(email=email)
    clinic = person.membership.clinic
    with scope(clinic=clinic), transaction.atomic():
        for number in range(count):
            case = open_case(clinic=clinic, therapist=person, patient_name=f"Copy{number} Person")
            moment = case.created_at - timedelta(minutes=number)
            Case.objects.filter(pk=case.pk).update(last_change=moment)
            Answer.objects.bulk_create(_copy(one, case, person) for one in answers)


def _copy(answer: Answer, case: Case, person: User) -> Answer:
    said = {name: getattr(answer, name) for name in ("question", "value", "edition", "assessed_on")}
    return Answer(case=case, saved_by=person, saved_at=answer.saved_at, **said)


if __name__ == "__main__":
    seed(1)
    demo = User.objects.select_related("membership__clinic").get(email=MANY)
    with scope(clinic=demo.membership.clinic):
        of_one = list(Answer.objects.filter(case=Case.objects.latest("created_at")))
    copies(MANY, int(sys.argv[1]), of_one)
    copies(FEW, int(sys.argv[2]), of_one)
