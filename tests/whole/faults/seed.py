"""Makes cases, drafts that can be signed, and signed letters of the demo therapist.

As many of each as the arguments say; prints each on a line, with what it is.
"""

from __future__ import annotations

import sys

import django

django.setup()

from decisions.letters.actions import compose  # noqa: E402 - Django first
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402
from tests.decisions.case_factories import clinic_of, make_case  # noqa: E402
from tests.decisions.letters.letter_factories import vignettes  # noqa: E402
from tests.decisions.letters.stored_letters import make_draft, make_signed  # noqa: E402


def main(cases: int, drafts: int, signed: int) -> None:
    """A case by its id; a draft by case, letter and fingerprint; a signed letter by its id."""
    therapist = User.objects.get(email=DEMO_PEOPLE[0].email)
    for number in range(cases):
        answers = vignettes()["responder-relapsed"]
        print("case", make_case(therapist, name=f"Measured {number + 1}", **answers).pk)
    for _ in range(drafts):
        letter = make_draft(therapist)
        with clinic_of(therapist):
            fingerprint = compose(letter.pk, therapist).fingerprint
        print("draft", letter.case_id, letter.pk, fingerprint)
    for _ in range(signed):
        print("signed", make_signed(therapist).pk)


main(*map(int, sys.argv[1:]))
