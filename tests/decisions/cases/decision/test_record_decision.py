"""Recording a decision: stored whole, from what the clinician saw, and for good."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from decisions.cases.actions import AnswersChangedError, record_decision
from decisions.cases.models import Case, Decision
from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import (
    answer,
    clinic_of,
    file_for,
    make_case,
)
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def actions_of(case: Case) -> list[str]:
    return list(
        Event.objects.filter(case_id=case.pk).order_by("pk").values_list("action", flat=True)
    )


def record(case: Case, user: User, *, fingerprint: str = "") -> Decision:
    fingerprint = fingerprint or file_for(case, user).fingerprint
    with clinic_of(user):
        return record_decision(
            case=case, actor=user, chosen="none_now", reasoning="Because.", fingerprint=fingerprint
        )


def test_a_decision_is_stored_whole(therapist: User) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))
    file = file_for(case, therapist)

    decision = record(case, therapist)

    outcome = Outcome.model_validate(decision.outcome)
    assert outcome == decide(file.edition, file.answers, file.evidence)
    assert decision.answers["age_years"]["assessed_on"] == timezone.localdate().isoformat()
    assert len(decision.answers_in_words) == len(file.edition.questionnaire.questions)
    assert decision.evidence_sha256 == file.evidence.sha256
    assert actions_of(case)[-1] == "decision.recorded"


def test_later_answers_leave_a_recorded_decision_as_it_was(therapist: User) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))
    before = record(case, therapist)

    answer(case, therapist, "mania_now", "yes")
    after = record(case, therapist)

    with clinic_of(therapist):
        kept = Decision.objects.get(pk=before.pk)
    assert kept.outcome == before.outcome
    assert (after.number, after.outcome == before.outcome) == (2, False)


def test_a_stale_page_records_nothing(therapist: User) -> None:
    case = make_case(therapist, bp_systolic=120)
    seen = file_for(case, therapist).fingerprint
    answer(case, therapist, "bp_systolic", 190)

    with pytest.raises(AnswersChangedError):
        record(case, therapist, fingerprint=seen)

    with clinic_of(therapist):
        assert not Decision.objects.filter(case=case).exists()


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_touch_a_recorded_decision(therapist: User, verb: str) -> None:
    case = make_case(therapist)
    decision = record(case, therapist)
    queries = {
        "update": "UPDATE decisions_decision SET reasoning = 'other'",
        "delete": "DELETE FROM decisions_decision",
    }

    with (
        clinic_of(therapist),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(queries[verb])

    with clinic_of(therapist):
        assert Decision.objects.get(pk=decision.pk).reasoning == "Because."
