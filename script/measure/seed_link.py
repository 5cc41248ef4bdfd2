"""A case of the demo therapist with a patient's link; prints its secret."""

from __future__ import annotations

import sys
from datetime import date

import django

django.setup()

from django_scopes import scope  # noqa: E402

from decisions.cases.actions import open_case  # noqa: E402
from decisions.form_links.actions import make_link  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402

BORN = date(1984, 3, 27)


def seed() -> str:
    """The secret of a link with every card."""
    therapist = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = therapist.membership.clinic
    with scope(clinic=clinic):
        case = open_case(
            clinic=clinic, therapist=therapist, patient_name="Measured by link", date_of_birth=BORN
        )
        cards = ("phq9", "gad7", "safety", "preference")
        return make_link(
            case=case, actor=therapist, cards=cards, read_within_days=1, sent_as="shown"
        ).secret


if __name__ == "__main__":
    sys.stdout.write(seed())
