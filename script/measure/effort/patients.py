"""Six patients, and what the therapist knows of them: one in words, five vignettes of the edition.

What is not here is not known to the therapist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from decisions.replay.vignettes import answers_of_vignette
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

Given = str | Sequence[str]
"""The answer that is pressed, or what is typed on a card."""

FIRST = (
    "Maren Anneke Olivia Judith Carla Frieda Wanda Birgit Nora Selma Thea Ute Vera Xenia Yvonne "
    "Zita Edda Gesa"
)
LAST = (
    "Testcase Example Patterns Specimen Teaching Training Practice Sketch Outline Rehearsal "
    "Exercise Fixture Mockup Placeholder Drawing Study Sample Pretend"
)
NAMES = tuple(f"{first} {last}" for first, last in zip(FIRST.split(), LAST.split(), strict=True))
"""One for each way, with no word in common, or the app would ask whether it is another patient."""

NOT_KNOWN = "Not known to me"
MEDICINES = (("sertraline", "150 mg", "daily"), ("lorazepam", "", "occasionally"))
"""Name, dose, how often."""


@dataclass(frozen=True)
class Patient:
    """What is pressed and typed. chosen: the option that goes forward.

    knows: what is known although others clear it.
    """

    name: str
    born: tuple[str, str, str]
    answers: Mapping[str, Given]
    chosen: str
    reasoning: str
    assessment: str = "Interview; no plan, no intent"
    agreed: str = "Calls 988 if worse; next visit in 3 days"
    medicines: Sequence[Sequence[str]] = MEDICINES
    knows: Sequence[str] = ()

    def given(self, question: str) -> Given:
        """What the therapist gives to a question, or to two on one card."""
        return self.answers.get(question, NOT_KNOWN)

    def typed(self, question: str) -> Given:
        """The same where each question has fields of its own."""
        together = self.answers.get("bp_systolic", ())
        if question.startswith("bp_") and len(together) == 2:
            return (together[question == "bp_diastolic"],)
        return self.given(question)


# 44 years, unipolar depression, back 5 months after TMS that helped, two medicines without relief,
# PHQ-9 18 with item 9 of 1, 138/86, wants relief within days, 90 minutes from the TMS clinic.
REFERRED = Patient(
    name="referred",
    born=("3", "14", "1982"),
    answers={
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
    },
    chosen="ketamine",
    reasoning="Back 5 months after TMS that helped. She needs relief in days; the TMS clinic is "
    "too far for daily visits. No psychosis.",
)


def _of_vignette(name: str, chosen: str, reasoning: str, *also: str) -> Patient:
    """A vignette, as far as a therapist knows it. also: known although others clear it."""
    edition = load_edition(CURRENT_EDITION)
    known = {
        question: _given(edition.questionnaire.question(question), raw)
        for question, raw in answers_of_vignette(name).items()
        if question in also or question not in edition.short_path.clearers
    }
    known["bp_systolic"] = (*known["bp_systolic"], *known.pop("bp_diastolic"))
    (age,) = known.pop("age_years")
    born = ("1", "1", str(datetime.now(UTC).year - int(age)))
    return Patient(name, born, known, chosen, reasoning, knows=also)


def _given(question: Question, raw: object) -> Given:
    """As the therapist presses or types it."""
    labels = {one.value: one.label for one in question.options}
    match raw:
        case {"items": [*scores]}:
            return (str(sum(scores)), str(scores[-1]))
        case {"total": total, **rest}:
            return tuple(str(one) for one in (total, *rest.values()))
        case []:
            return "None of these"
        case [str(value)]:
            return labels[value]
        case "yes" | "no" if question.type is QuestionType.YES_NO:
            return raw.capitalize()
        case str():
            return labels[raw]
    return (str(raw),)


OTHERS = (
    _of_vignette(
        "responder-relapsed",
        "repeat_tms",
        "TMS held for eight months and she tolerated it well. She can come on weekdays and has "
        "no need for relief within days.",
    ),
    _of_vignette(
        "tms-nonresponder",
        "ketamine",
        "A full course of TMS did little, three antidepressants did not help. She can be brought "
        "home after each session.",
    ),
    _of_vignette(
        "bridge-or-sequence",
        "both",
        "She needs relief in days and TMS held for eight months. She wants both, and knows that "
        "this is unproven for two together.",
    ),
    _of_vignette(
        "cochlear-implant",
        "ketamine",
        "TMS helped before, but she has had a cochlear implant since. Ketamine is within reach "
        "and she can be brought home safely.",
        "implanted_device",
    ),
    _of_vignette(
        "mild-now",
        "none_now",
        "She is much better than in spring, with mild symptoms. We watch and keep the medicine; "
        "another look in four weeks is enough.",
    ),
)
PATIENTS = (REFERRED, *OTHERS)
