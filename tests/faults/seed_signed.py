"""Makes as many signed letters as asked for, by the demo therapist; prints their ids."""

from __future__ import annotations

import sys

import django

django.setup()

from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402 - Django first
from kapnet.core.people.models import User  # noqa: E402
from tests.decisions.case_factories import clinic_of  # noqa: E402
from tests.letters.stored_letters import make_signed  # noqa: E402


def main() -> None:
    """Write the ids on one line."""
    therapist = User.objects.get(email=DEMO_PEOPLE[0].email)
    with clinic_of(therapist):
        print(*(make_signed(therapist).pk for _ in range(int(sys.argv[1]))))


main()
