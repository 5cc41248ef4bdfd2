"""One patient in words, and what the therapist knows of them.

44 years, unipolar depression, back 5 months after TMS that helped, two medicines without relief,
PHQ-9 18 with item 9 of 1, 138/86, wants relief within days, 90 minutes from the TMS clinic, takes
sertraline 150 mg and lorazepam occasionally. What is not here is not known to the therapist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMES = (
    *("Maren Testcase", "Anneke Example", "Olivia Patterns", "Judith Specimen", "Carla Teaching"),
    "Frieda Training",
)
"""One for each way, with no word in common, or the app would ask whether it is another patient."""
BORN = ("3", "14", "1982")

ANSWERS: Mapping[str, str | Sequence[str]] = {
    "diagnosis": "Major depressive disorder (unipolar), single or recurrent episode",
    "psychosis": "Never",
    "mania_now": "No",
    "mixed_features": "No",
    "life_threatening": "No",
    "phq9": ("18", "1"),
    "suicide_risk": "Passive thoughts, or wish to be dead",
    "speed_needed": "Within days: work, care of oneself or care of others is failing",
    "antidepressant_trials": ("2",),
    "comorbidities": "None of these",
    "tms_courses": ("1",),
    "tms_now": "No",
    "tms_best_response": "Response (symptoms halved or better)",
    "tms_benefit_months": ("5",),
    "tms_tolerability": "Well",
    "tms_seizure": "No",
    "withdrawal_now": "No",
    "bp_systolic": ("138", "86"),
    "ketamine_history": "Never",
    "medicines": "None of these",
    "preference": "Ketamine",
    "daily_visits": "No",
    "tms_access": "Yes",
    "ketamine_access": "Ketamine infusion in a clinic",
    "escort": "Yes",
    "dissociation_fear": "No",
}
"""Question -> the answer that is pressed, or the numbers that are typed on its card."""

FIELDS = {"bp_systolic": ("138",), "bp_diastolic": ("86",)}
"""The numbers of questions that share a card, each by itself."""

ASSESSMENT = "Interview: passive wish to be dead, no plan, no intent"
AGREED = "Calls 988 if worse; next visit in 3 days"
MEDICINES = (("sertraline", "150 mg", "daily"), ("lorazepam", "", "occasionally"))
"""Name, dose, how often."""
REASONING = (
    "Back 5 months after TMS that helped. She needs relief in days; the TMS clinic is too far "
    "for daily visits. No psychosis."
)
