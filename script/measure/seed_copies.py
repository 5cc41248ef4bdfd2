"""Many cases as one: with its answers and, where it has them, its decision and its signed letter.

    python -m script.measure.seed_copies letters 10000     in the clinic of the first signed letter
    python -m script.measure.seed_copies cases 2000 100    in the demo clinic, and in the other one

`seed_many` is for so many that the database has to copy them by itself.
"""

from __future__ import annotations

import secrets
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.db.models import Max, Model  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from decisions.cases.models import Answer, Case, Decision  # noqa: E402
from decisions.desk.models import Delivery  # noqa: E402
from decisions.letters.models import Letter, Seal  # noqa: E402
from kapnet.core.encryption.blind_index import make_mirror  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402
from script.measure.seed import seed  # noqa: E402

AT_ONCE = 100
MANY, FEW = "therapist@demo.example", "therapist@other.example"


def copy_cases(case: Case, answers: list[Answer], count: int, therapist: User) -> None:
    """This many cases of a therapist as the case, with names of their own and these answers."""
    for _ in _copied_cases(case, answers, count, therapist):
        pass


def copy_letters(letter: Letter, count: int) -> None:
    """This many cases as that of the letter, each with its decision and its signed letter."""
    answers = list(Answer.objects.filter(case=letter.case))
    sequence = Letter.objects.aggregate(highest=Max("sequence"))["highest"]
    for cases in _copied_cases(letter.case, answers, count, letter.case.therapist):
        _copy_letters(letter, cases, sequence)
        sequence += len(cases)


def _copied_cases(
    case: Case, answers: list[Answer], count: int, therapist: User
) -> Iterator[list[Case]]:
    """The copies, some at a time, each time in a transaction that lasts until they are used."""
    clinic = therapist.membership.clinic
    highest = Case.objects.aggregate(highest=Max("number"))["highest"] or 0
    for start in range(highest, highest + count, AT_ONCE):
        with transaction.atomic():
            made = [
                _copy(
                    case,
                    clinic=clinic,
                    therapist=therapist,
                    number=number + 1,
                    patient_name=f"Copy{number} Person",
                    last_change=case.last_change - timedelta(minutes=number),
                )
                for number in range(start, min(start + AT_ONCE, highest + count))
            ]
            Case.objects.bulk_create(made)
            make_mirror(made, Case._meta.get_field("patient_index"))
            Answer.objects.bulk_create(
                _copy(one, clinic=clinic, case=of, saved_by=therapist)
                for of in made
                for one in answers
            )
            yield made


def _copy_letters(letter: Letter, cases: list[Case], sequence: int) -> None:
    decisions = [_copy(letter.decision, case=case) for case in cases]
    Decision.objects.bulk_create(decisions)
    letters = [
        _copy(letter, case=case, decision=decision, sequence=sequence + place)
        for place, (case, decision) in enumerate(zip(cases, decisions, strict=True), start=1)
    ]
    Letter.objects.bulk_create(letters)
    Seal.objects.bulk_create(
        Seal(
            letter=one,
            code=secrets.token_hex(6),
            identifier=secrets.token_hex(16),
            content_sha256=letter.seal.content_sha256,
        )
        for one in letters
    )
    Delivery.objects.bulk_create(
        Delivery(letter=one, clinic_id=one.clinic_id, signed_at=one.signed_at) for one in letters
    )


def _copy(row: Any, **changed: Any) -> Any:
    model: type[Model] = type(row)
    values = {one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields}
    key = model._meta.pk.attname
    values[key] = uuid.uuid4() if isinstance(values[key], uuid.UUID) else None
    values |= {"once": None} if "once" in values else {}
    made = model(**values)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def _seed_cases(many: int, few: int) -> None:
    seed(1)
    people = User.objects.select_related("membership__clinic")
    with scope(clinic=people.get(email=MANY).membership.clinic):
        case = Case.objects.latest("created_at")
        answers = list(Answer.objects.filter(case=case))
    for email, count in ((MANY, many), (FEW, few)):
        therapist = people.get(email=email)
        with scope(clinic=therapist.membership.clinic):
            copy_cases(case, answers, count, therapist)


def _seed_letters(count: int) -> None:
    with scopes_disabled():
        signed = Letter.objects.filter(status=Letter.Status.SIGNED).order_by("sequence")[0]
    with scope(clinic=signed.clinic):
        copy_letters(signed, count)


if __name__ == "__main__":
    what, *counts = sys.argv[1:]
    works: dict[str, Callable[..., None]] = {"cases": _seed_cases, "letters": _seed_letters}
    works[what](*map(int, counts))
