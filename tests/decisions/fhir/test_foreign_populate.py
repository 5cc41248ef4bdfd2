"""CSIRO's `$populate`, with our table written again in FHIRPath, proposes what ours does."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.reading import Looking
from tests.decisions.fhir.foreign_records import (
    allergy,
    condition,
    items,
    mmhg,
    observe,
    ordered,
    patient,
    pressure,
    status,
    taking,
)

FOREIGN = settings.BASE_DIR / "tests" / "foreign"
NODE = shutil.which("node") or str(settings.BASE_DIR / ".venv" / "bin" / "node")
ZONE = ZoneInfo("UTC")
CODES = ("F32.1", "F32.3", "F32.81", "F32.A", "F33.2", "F33.3", "F33.41", "F31.9", "F41.1")
VERIFIED = ("confirmed", "provisional", "refuted", "entered-in-error", "differential")
CLINICAL = ("active", "recurrence", "inactive", "resolved", "remission")
NAMES = ("Lorazepam 1 MG", "Quetiapine 50 mg", "lithium carbonate", "Oxycodone", "Melatonin", "Zo")
OTTO = {"reference": "Patient/otto"}


def made_up(some: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A patient, and records of whom some count and some do not."""

    def day(earliest: int = -45, latest: int = 3) -> str:
        moment = datetime.now(UTC) + timedelta(days=some.randint(earliest, latest))
        return moment.date().isoformat()

    def spoiled(one: dict[str, Any]) -> dict[str, Any]:
        """Now and then of somebody else, or in error."""
        who = "patient" if "patient" in one else "subject"
        return {**one, who: OTTO} if some.random() < 0.15 else one

    birth = date(1950, 1, 1) + timedelta(some.randint(0, 20_000))
    records = [
        condition(
            some.choice(CODES),
            recordedDate=day(),
            verificationStatus=status(some.choice(VERIFIED)),
            clinicalStatus=status(some.choice(CLINICAL)),
        )
        for _ in range(some.randint(0, 3))
    ]
    for at in range(some.randint(0, 3)):
        unit = some.choice(("mm[Hg]", "mm[Hg]", "kPa"))
        numbers = (some.randint(100, 320), some.randint(50, 99))
        upper, lower = (mmhg(one, code=unit, unit=unit) for one in numbers)
        records.append(pressure(upper, lower, effectiveDateTime=day(-60 + at * 20, -41 + at * 20)))
    given = [some.randint(0, 3) for _ in range(9)]
    filled = items("phq9", given, effectiveDateTime=day(-30, 2))
    records += filled[: some.choice((0, 8, 9, 9))]
    records += [
        allergy(
            some.choice(("Ketamine", "Spravato", "Penicillin")),
            recordedDate="2020",
            verificationStatus=status(some.choice(VERIFIED[:4])),
            clinicalStatus=status(some.choice(CLINICAL[:4])),
        )
        for _ in range(some.randint(0, 1))
    ]
    for _ in range(some.randint(0, 3)):
        state = some.choice(("active", "active", "stopped", "entered-in-error"))
        kind = some.choice((taking, ordered))
        records.append(kind(some.choice(NAMES), status=state))
    return patient(birthDate=birth.isoformat()), [spoiled(one) for one in records]


def ours(who: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
    """What we propose, as the other program prints it."""
    looking = Looking(frozenset({"Patient/maren"}), datetime.now(UTC), ZONE)
    found = observe(who, *records, looking=looking)

    def first(question: str) -> Any:
        return next((one.value for one in found if one.question == question), None)

    def values(question: str) -> list[str]:
        return sorted({_value(one) for one in found if one.question == question})

    phq9 = first("phq9")
    return {
        "age_years": first("age_years"),
        "diagnosis": values("diagnosis"),
        "bp_systolic": first("bp_systolic"),
        "bp_diastolic": first("bp_diastolic"),
        "ketamine_allergy": first("ketamine_allergy") == "yes",
        "medicines": values("medicines"),
        "phq9": phq9["items"] if phq9 else None,
    }


def _value(one: Proposed) -> str:
    return str(one.value[0]) if isinstance(one.value, list) else str(one.value)


def theirs(cases: list[tuple[dict[str, Any], list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """What the foreign program fills in, started once for all."""
    lines = "".join(json.dumps({"patient": who, "resources": all_}) + "\n" for who, all_ in cases)
    ran = subprocess.run(
        [NODE, "populate.mjs"],
        cwd=FOREIGN,
        input=lines,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "Error" not in ran.stderr, ran.stderr[:2000]
    return [json.loads(line) for line in ran.stdout.splitlines()]


def compare(count: int, seed: int) -> list[dict[str, Any]]:
    """Both, for so many made-up patients."""
    some = random.Random(seed)
    cases = [made_up(some) for _ in range(count)]
    found = [ours(*one) for one in cases]
    assert theirs(cases) == found
    return found


@pytest.mark.long  # the foreign program alone takes ten seconds to start
def test_foreign_populate_proposes_the_same() -> None:
    found = compare(8, seed=23)

    assert {name for one in found for name, value in one.items() if value} >= {
        *("age_years", "diagnosis", "bp_systolic", "bp_diastolic"),
        *("ketamine_allergy", "medicines", "phq9"),
    }


@pytest.mark.long
def test_foreign_populate_proposes_the_same_for_many() -> None:
    compare(120, seed=4)
