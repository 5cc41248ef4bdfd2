"""Makes a draft of the demo therapist that can be signed; prints case, letter and fingerprint."""

from __future__ import annotations

import django

django.setup()

from decisions.letters.actions import compose  # noqa: E402 - Django first
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402
from tests.decisions.case_factories import clinic_of  # noqa: E402
from tests.letters.stored_letters import make_draft  # noqa: E402


def main() -> None:
    """Write the three on one line."""
    therapist = User.objects.get(email=DEMO_PEOPLE[0].email)
    letter = make_draft(therapist)
    with clinic_of(therapist):
        fingerprint = compose(letter.pk, therapist).fingerprint
    print(letter.case_id, letter.pk, fingerprint)


main()
