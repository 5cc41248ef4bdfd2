"""The judges of what tests emit see faults, and agree on a whole case."""

from __future__ import annotations

import pytest

from decisions.fhir.records.everything import resources_of
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.fhir.emitted import assert_valid, verdicts
from tests.decisions.fhir.full_case import make_full_case

SOUND = {"resourceType": "Patient", "id": "a", "birthDate": "1984-03"}
ODD = ({**SOUND, "birthDate": "March"}, {**SOUND, "colour": "red"}, {**SOUND, "gender": "x"})


def test_judge_of_the_gate_sees_faults() -> None:
    sound, *odd = verdicts([SOUND, *ODD], by="fhir")

    assert sound == []
    assert all(odd)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("by", ["schema", "medplum", "R4B", "fhirclient"])
def test_others_find_a_whole_case_valid(therapist: User, by: str) -> None:
    full = make_full_case(therapist)
    with clinic_of(therapist):
        every = list(resources_of(full.record()))

    assert any(verdicts([ODD[1]], by=by))
    assert_valid(every, by=by)
