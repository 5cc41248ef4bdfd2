"""Synthetic patients: made-up people whose depression returned after TMS, for measuring only.

Seeded: the same seed gives the same patients. Every proportion below is an assumption, chosen so
that clear and complicated patients both occur in numbers; none is a claim of prevalence, and
nothing here was drawn from patients.

- clear (half of the mix): TMS helped and the depression returned, one hazard in a hundred
  a question, few comorbidities and medicines, both treatments mostly within reach.
- complicated (the other half): TMS helped, helped a little or did not help; hazards ten times as
  frequent, other conditions, several medicines, treatments often out of reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

RawAnswers = dict[str, Any]


class Kind(StrEnum):
    """How complicated a patient is."""

    CLEAR = "clear"
    COMPLICATED = "complicated"


@dataclass(frozen=True)
class Patient:
    """A made-up patient: the true answer to every question, whether or not it is asked."""

    kind: Kind
    answers: RawAnswers


@dataclass(frozen=True)
class Proportions:
    """How often things occur in patients of one kind.

    hazard: the chance that a safety question has an answer other than the calm one.
    """

    hazard: float
    comorbidity: float
    medicine: float
    out_of_reach: float
    courses: Mapping[int, int]
    best_response: Mapping[str, int]
    same_response: float


PROPORTIONS = {
    Kind.CLEAR: Proportions(
        hazard=0.01,
        comorbidity=0.03,
        medicine=0.08,
        out_of_reach=0.1,
        courses={1: 70, 2: 25, 3: 5},
        best_response={"remission": 40, "response": 50, "partial": 10},
        same_response=0.8,
    ),
    Kind.COMPLICATED: Proportions(
        hazard=0.1,
        comorbidity=0.15,
        medicine=0.2,
        out_of_reach=0.3,
        courses={0: 5, 1: 45, 2: 30, 3: 20},
        best_response={"remission": 15, "response": 30, "partial": 30, "none": 20, "worse": 5},
        same_response=0.5,
    ),
}
"""The assumptions, by kind; weights of one mapping are relative to each other."""

CALM: RawAnswers = {
    "diagnosis": "mdd",
    "psychosis": "none",
    "mania_now": "no",
    "mixed_features": "no",
    "life_threatening": "no",
    "pregnancy": "no",
    "tms_seizure": "no",
    "head_metal": "none",
    "implanted_device": "none",
    "seizures": "none",
    "brain_condition": "no",
    "vascular_disease": "no",
    "vascular_outside_head": "no",
    "body_worn": "none",
    "withdrawal_now": "no",
    "brain_pressure": "no",
    "ketamine_allergy": "no",
    "heart": "none",
    "liver": "none",
    "bladder": "no",
    "eye_pressure": "no",
    "thyroid": "no",
    "breathing": "no",
    "substance_use": "none",
}
"""The answer to each safety question that raises no hazard."""
HAZARDS: Mapping[str, Mapping[str, int]] = {
    "diagnosis": {"bipolar": 70, "other": 30},
    "psychosis": {"past_unknown": 20, "past": 50, "current": 30},
    "pregnancy": {"possible": 50, "pregnant": 20, "breastfeeding": 30},
    "head_metal": {"removable": 40, "fixed_safe": 35, "fixed_unsafe": 25},
    "implanted_device": {"head": 20, "chest": 50, "other": 30},
    "body_worn": {"other": 90, "defibrillator": 10},
    "seizures": {"provoked_past": 60, "epilepsy": 40},
    "heart": {"stable": 85, "unstable": 15},
    "liver": {"moderate": 80, "severe": 20},
    "substance_use": {"remission": 55, "active": 35, "dissociatives": 10},
}
"""What the hazard is where there is more than yes."""
RESPONSES = ("remission", "response", "partial", "none", "worse")
MEDICINES = (
    "benzodiazepine", "opioid", "other_sedative", "antipsychotic", "maoi", "stimulant",
    "theophylline", "lamotrigine", "gabapentinoid", "anticonvulsant", "lithium",
    "cyp_modifier", "naltrexone",
)  # fmt: skip
RARE_MEDICINES = frozenset({"maoi", "theophylline", "cyp_modifier", "naltrexone"})
"""Five times rarer than the others."""
COMORBIDITIES = (
    "ocd", "dissociative_disorder", "personality_disorder", "ptsd", "cognitive_impairment",
    "parkinson",
)  # fmt: skip
FACTORS = ("severe_sleep_loss", "high_risk_medicine")
KETAMINE_ACCESS = ("iv", "esketamine", "im", "oral_home", "injection_home")
CLINIC_ROUTES = 3
"""The first so many ways to ketamine are given in a clinic."""


def make_patients(seed: int, count: int) -> list[Patient]:
    """As many patients as asked for, clear and complicated in turn."""
    kinds = tuple(Kind)
    rng = Random(seed)  # noqa: S311 - nothing secret is drawn
    return [make_patient(rng, kinds[number % len(kinds)]) for number in range(count)]


def make_patient(rng: Random, kind: Kind) -> Patient:
    """One patient, with an answer to every question."""
    rates = PROPORTIONS[kind]
    answers = {
        "age_years": rng.randint(18, 80),
        **_safety(rng, rates),
        **_episode(rng, rates),
        **_tms(rng, rates),
        **_ketamine(rng, rates),
        **_practicalities(rng, rates),
    }
    return Patient(kind, answers)


def _drawn(rng: Random, weights: Mapping[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _some(rng: Random, values: tuple[str, ...], chance: float) -> list[str]:
    return [value for value in values if rng.random() < chance]


def _yes(rng: Random, chance: float) -> str:
    return "yes" if rng.random() < chance else "no"


def _safety(rng: Random, rates: Proportions) -> RawAnswers:
    answers = {
        question: _drawn(rng, HAZARDS.get(question, {"yes": 1}))
        if rng.random() < rates.hazard
        else calm
        for question, calm in CALM.items()
    }
    medicines = [
        name
        for name in MEDICINES
        if rng.random() < rates.medicine / (5 if name in RARE_MEDICINES else 1)
    ]
    systolic = round(rng.gauss(124 + 100 * rates.hazard, 12))
    return {
        **answers,
        "threshold_factors": _some(rng, FACTORS, rates.hazard),
        "bp_systolic": min(max(systolic, 90), 220),
        "bp_diastolic": min(max(round(systolic * 0.62 + rng.gauss(0, 5)), 50), 130),
        "medicines": medicines,
        "comorbidities": _some(rng, COMORBIDITIES, rates.comorbidity),
    }


def _episode(rng: Random, rates: Proportions) -> RawAnswers:
    total = min(max(round(rng.gauss(16, 4.5)), 3), 27)
    items = [0] * 9
    for _ in range(total):
        items[rng.choice([n for n, item in enumerate(items) if item < 3])] += 1
    troubled = {"passive": 60, "active": 25, "plan_or_intent": 10, "recent_attempt": 5}
    thoughts = _drawn(rng, troubled) if items[8] and rng.random() < 0.7 else "none"
    return {
        "phq9": {"items": items},
        "gad7": {"total": rng.randint(2, 18)},
        "attempt_assessed": _yes(rng, 0.5),
        "suicide_risk": thoughts if rng.random() < 0.5 + 5 * rates.hazard else "none",
        "item9_asked_again": "yes",
        "speed_needed": _drawn(rng, {"days": 19, "days_safety": 1, "weeks": 50, "can_wait": 30}),
        "antidepressant_now": _drawn(rng, {"taking": 70, "stopped_recently": 15, "none": 15}),
        "antidepressant_trials": _drawn(rng, {0: 5, 1: 20, 2: 35, 3: 20, 4: 10, 6: 10}),
    }


def _tms(rng: Random, rates: Proportions) -> RawAnswers:
    best = _drawn(rng, rates.best_response)
    worse = RESPONSES[RESPONSES.index(best) :]
    return {
        "tms_courses": _drawn(rng, rates.courses),
        "tms_now": _yes(rng, 0.05),
        "tms_last_sessions": _drawn(rng, {12: 10, 20: 15, 30: 35, 36: 40}),
        "tms_last_device": _drawn(rng, {"figure_8": 75, "deep": 20, "other": 5}),
        "tms_best_response": best,
        "tms_last_response": best if rng.random() < rates.same_response else rng.choice(worse),
        "tms_benefit_months": _drawn(rng, {1: 10, 3: 20, 6: 30, 9: 20, 14: 20}),
        "tms_tolerability": _drawn(rng, {"well": 75, "discomfort": 20, "stopped": 5}),
    }


def _ketamine(rng: Random, rates: Proportions) -> RawAnswers:
    tried = {"never": 80, "responded": 10, "no_response": 6, "stopped": 4}
    clinic, home = KETAMINE_ACCESS[:CLINIC_ROUTES], KETAMINE_ACCESS[CLINIC_ROUTES:]
    access = [name for name in clinic if rng.random() > rates.out_of_reach + 0.2]
    return {
        "ketamine_history": _drawn(rng, tried),
        "ect_history": _drawn(rng, {"never": 85, "helped": 8, "did_not_help": 7}),
        "ketamine_access": [*access, *_some(rng, home, 0.25)],
        "escort": _yes(rng, 1 - rates.out_of_reach),
        "home_support": _yes(rng, 1 - rates.out_of_reach),
        "dissociation_fear": _yes(rng, 0.15),
        "integration_therapy": _yes(rng, 0.4),
    }


def _practicalities(rng: Random, rates: Proportions) -> RawAnswers:
    return {
        "preference": _drawn(rng, {"ketamine": 25, "repeat_tms": 45, "both": 10, "none": 20}),
        "daily_visits": _yes(rng, 1 - rates.out_of_reach),
        "accelerated_tms": _yes(rng, 0.25),
        "tms_access": _yes(rng, 1 - rates.out_of_reach),
    }
