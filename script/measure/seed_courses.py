"""Many courses of ketamine with their forms in the demo clinic."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta
from random import Random

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from decisions.cases.models import Case  # noqa: E402
from decisions.follow_up.models import Assessment, Course  # noqa: E402
from decisions.rules.loading import CURRENT_EDITION  # noqa: E402
from kapnet.core.people.models import Clinic, User  # noqa: E402
from script.measure.seed import seed  # noqa: E402

FORM_DAYS = (-5, 27, 50, 84, 120, 181, 363)


@transaction.atomic
def courses(clinic: Clinic, person: User, count: int) -> None:
    """A case, a course and some forms for each."""
    random, now = Random(5), timezone.now()  # noqa: S311
    after = Case.objects.filter(clinic=clinic).count() + 1000
    cases = [
        Case(
            clinic=clinic,
            therapist=person,
            number=after + place,
            patient_name="Invented",
            edition=CURRENT_EDITION,
        )
        for place in range(count)
    ]
    Case.objects.bulk_create(cases, batch_size=1000)
    given = [_course(one, person, random, now) for one in cases]
    Course.objects.bulk_create(given, batch_size=1000)
    forms = [form for one in given for form in _forms(one, person, random)]
    Assessment.objects.bulk_create(forms, batch_size=2000)


def _course(case: Case, person: User, random: Random, now: datetime) -> Course:
    first = (now - timedelta(days=random.randint(0, 700))).date()
    return Course(
        clinic=case.clinic,
        case=case,
        option="ketamine",
        state="completed",
        first_session_on=first,
        first_session_noted_at=datetime.combine(first, time(15), UTC),
        last_session_on=first,
        made_at=now,
        made_by=person,
        saved_at=now,
        saved_by=person,
    )


def _forms(course: Course, person: User, random: Random) -> list[Assessment]:
    if course.first_session_on is None:
        return []
    before = min(27, max(0, round(random.gauss(17, 5))))
    found = []
    for day in FORM_DAYS:
        taken_on = course.first_session_on + timedelta(days=day)
        total = before if day < 0 else min(27, max(0, round(before + random.gauss(-4, 5))))
        if taken_on <= timezone.localdate() and (day < 0 or random.random() < 0.7):
            found.append(
                Assessment(
                    clinic_id=course.clinic_id,
                    case_id=course.case_id,
                    instrument="phq9",
                    edition=CURRENT_EDITION,
                    taken_on=taken_on,
                    authored_at=datetime.combine(taken_on, time(9), UTC),
                    total=total,
                    item9=0,
                    source="paper_total",
                    entered_by=person,
                )
            )
    return found


if __name__ == "__main__":
    seed(1)
    demo = User.objects.select_related("membership__clinic").get(email="therapist@demo.example")
    with scope(clinic=demo.membership.clinic):
        courses(demo.membership.clinic, demo, int(sys.argv[1]))
