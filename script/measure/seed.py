"""Cases of the demo therapist with the answers of a vignette; prints their ids, one a line."""

from __future__ import annotations

import sys

import django
import yaml

django.setup()

from django_scopes import scope  # noqa: E402

from decisions.cases.actions import (  # noqa: E402
    open_case,
    save_answer,
)
from decisions.cases.queries import (  # noqa: E402
    cases_with_context,
    file_of,
)
from decisions.rules.loading import (  # noqa: E402
    CURRENT_EDITION,
    EDITIONS,
)
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402

VIGNETTES = EDITIONS / CURRENT_EDITION / "vignettes.yaml"
VIGNETTE = "responder-relapsed"


def seed(count: int) -> None:
    """Open this many cases and answer all their questions."""
    therapist = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = therapist.membership.clinic
    found = [one for one in yaml.safe_load(VIGNETTES.read_text()) if one["id"] == VIGNETTE]
    with scope(clinic=clinic):
        for number in range(count):
            case = open_case(
                clinic=clinic, therapist=therapist, patient_name=f"Measured {number + 1}"
            )
            file = file_of(cases_with_context().get(pk=case.pk))
            for question_id, raw in found[0]["answers"].items():
                row = file.rows.get(question_id)
                file = save_answer(
                    file=file,
                    question_id=question_id,
                    raw=raw,
                    version=row.version if row else 0,
                    actor=therapist,
                ).file
            sys.stdout.write(f"{case.pk}\n")


if __name__ == "__main__":
    seed(int(sys.argv[1]))
