"""A clinic with many cases, each with answers, a decision and a signed letter: copies of one.

python -m script.measure.seed_exit 10000
"""

from __future__ import annotations

import secrets
import sys
import uuid
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from decisions.cases.models import Answer, Case, Decision, NameDigest  # noqa: E402
from decisions.desk.models import Delivery  # noqa: E402
from decisions.letters.models import Letter, Seal  # noqa: E402

AT_ONCE = 100


def copies(letter: Letter, count: int) -> None:
    """This many cases as the one of the letter, with names, numbers and ids of their own."""
    last = Case.objects.order_by("-number").values_list("number", flat=True)[0]
    highest = Letter.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    answers = list(Answer.objects.filter(case=letter.case))
    for start in range(0, count, AT_ONCE):
        numbers = range(start + 1, min(start + AT_ONCE, count) + 1)
        with transaction.atomic():
            _copies(letter, answers, last, highest, numbers)


def _copies(letter: Letter, answers: list[Answer], last: int, highest: int, numbers: range) -> None:
    cases = [
        _copy(letter.case, number=last + one, patient_name=f"Copy{one} Person") for one in numbers
    ]
    Case.objects.bulk_create(cases)
    NameDigest.objects.bulk_create(
        NameDigest(clinic_id=case.clinic_id, case=case, digest=digest)
        for case in cases
        for digest in case.patient_index.split()
    )
    Answer.objects.bulk_create(_copy(one, case=case) for case in cases for one in answers)
    decisions = [_copy(letter.decision, case=case) for case in cases]
    Decision.objects.bulk_create(decisions)
    letters = [
        _copy(letter, case=case, decision=decision, sequence=highest + one)
        for case, decision, one in zip(cases, decisions, numbers, strict=True)
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


if __name__ == "__main__":
    with scopes_disabled():
        signed = Letter.objects.filter(status=Letter.Status.SIGNED).order_by("sequence")[0]
    with scope(clinic=signed.clinic):
        copies(signed, int(sys.argv[1]))
