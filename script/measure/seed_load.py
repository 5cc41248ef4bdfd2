"""Makes therapists with a case each, staff, and signed letters. Prints who they are as JSON."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402 - Django first
from django_scopes import scope  # noqa: E402

from kapnet.core.people.demo import (  # noqa: E402
    DEMO_PASSWORD,
    DEMO_PEOPLE,
)
from kapnet.core.people.models import (  # noqa: E402
    Role,
    User,
)
from tests.decisions.case_factories import make_case  # noqa: E402
from tests.decisions.letters.letter_factories import vignettes  # noqa: E402
from tests.decisions.letters.stored_letters import make_signed  # noqa: E402
from tests.factories import make_member  # noqa: E402

VIGNETTE = "responder-relapsed"
LETTERS = 20


@transaction.atomic
def seed(therapists: int, staff: int) -> dict[str, object]:
    """Everybody in the demo clinic, with the demo password."""
    first = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = first.membership.clinic
    with scope(clinic=clinic):
        letters = [str(make_signed(first).pk) for _ in range(LETTERS)]
    answering = {}
    for _ in range(therapists):
        person = make_member(clinic=clinic, role=Role.THERAPIST, password=DEMO_PASSWORD)
        case = make_case(person, **vignettes()[VIGNETTE])
        answering[person.email] = str(case.pk)
    exporting = [
        make_member(clinic=clinic, role=Role.STAFF, password=DEMO_PASSWORD).email
        for _ in range(staff)
    ]
    return {"therapists": answering, "staff": exporting, "letters": letters}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]), int(sys.argv[2]))))
