"""Cases with random answers to every question, and for every second a decision of other answers.

The worst that an impact can meet: no two alike. Takes the number of cases that there are then.
"""

from __future__ import annotations

import sys
from datetime import date
from random import Random

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first
from django_scopes import scope  # noqa: E402

from decisions.cases.models import Answer, Case, Decision  # noqa: E402
from decisions.rules.engine.decide import decide  # noqa: E402
from decisions.rules.loading import load_edition  # noqa: E402
from decisions.rules.questionnaire.answers import Answers  # noqa: E402
from evidence.queries import current_evidence  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402
from tests.decisions.partial_cases import complete_answers  # noqa: E402

FIRST_NUMBER, AT_ONCE = 100_000, 500
DAY = date(2026, 11, 1)


def seed(count: int) -> None:
    """Add what is missing to so many cases."""
    therapist = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    with scope(clinic=therapist.membership.clinic):
        have = Case.objects.filter(number__gte=FIRST_NUMBER).count()
        rng = Random(have)  # noqa: S311, made-up cases
        for start in range(have, count, AT_ONCE):
            _add(therapist, FIRST_NUMBER + start, min(AT_ONCE, count - start), rng)


def _add(therapist: User, first: int, count: int, rng: Random) -> None:
    cases = [
        Case(
            clinic=therapist.membership.clinic,
            therapist=therapist,
            number=first + place,
            patient_name=f"Counted {first + place}",
            edition=load_edition().id,
        )
        for place in range(count)
    ]
    Case.objects.bulk_create(cases)
    Answer.objects.bulk_create(
        Answer(
            case=case,
            question=question,
            value=value,
            edition=case.edition,
            assessed_on=DAY,
            saved_at=timezone.now(),
            saved_by=therapist,
        )
        for case in cases
        for question, value in complete_answers(rng).items()
    )
    Decision.objects.bulk_create(_decision(case, complete_answers(rng)) for case in cases[::2])


def _decision(case: Case, answers: dict[str, object]) -> Decision:
    edition, evidence = load_edition(), current_evidence()
    outcome = decide(edition, Answers.read(edition.questionnaire, answers), evidence)
    return Decision(
        case=case,
        number=1,
        edition=edition.id,
        edition_sha256=edition.sha256,
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        answers={
            name: {"value": value, "assessed_on": DAY.isoformat()}
            for name, value in answers.items()
        },
        answers_in_words=[],
        outcome=outcome.model_dump(mode="json"),
        cited={"sources": [], "positions": []},
        chosen=Decision.Chosen.NONE_NOW,
        reasoning="Only counted.",
        recorded_at=timezone.now(),
        recorded_by=case.therapist,
    )


if __name__ == "__main__":
    seed(int(sys.argv[1]))
