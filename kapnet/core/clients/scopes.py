"""What a client may do, as SMART scopes (`system/Task.rsu`) and in words for a manager."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WRITTEN = re.compile(r"system/(\*|[A-Z][A-Za-z]{0,40})\.([cruds]{1,5})")
"""Letters, each once: create, read, update, delete, search."""
ANY_TYPE: Final = "*"
EVERYTHING: Final = "system/*.rs"
ONLY_BY_NAME: Final = frozenset({"Decision"})
"""What no scope of every type covers: the therapist's own reasoning."""


@dataclass(frozen=True)
class Scope:
    """One scope: a resource type, or `*`, and letters of "cruds"."""

    type: str
    letters: frozenset[str]

    def covers(self, type_name: str, letter: str) -> bool:
        """Whether it allows this."""
        is_type = self.type == type_name or (
            self.type == ANY_TYPE and type_name not in ONLY_BY_NAME
        )
        return is_type and letter in self.letters


class UnknownScope(ValueError):
    """This is no scope that is known here."""


def read_scope(text: str) -> Scope:
    """Raises UnknownScope."""
    found = WRITTEN.fullmatch(text)
    if found is None or len(set(found[2])) < len(found[2]):
        raise UnknownScope(text)
    return Scope(found[1], frozenset(found[2]))


def allows(held: Iterable[str], wanted: str) -> bool:
    """Whether who holds these scopes may do all that another one names."""
    asked, scopes = read_scope(wanted), [read_scope(one) for one in held]
    return all(any(one.covers(asked.type, letter) for one in scopes) for letter in asked.letters)


def needs_agreement(scopes: Iterable[str]) -> bool:
    """Whether a therapist has to agree before a client gets these."""
    return any(read_scope(one).type == ANY_TYPE for one in scopes)


# For the page


@dataclass(frozen=True)
class Right:
    """What a manager ticks. scopes: what it gives."""

    key: str
    words: str
    scopes: tuple[str, ...]
    more: str = ""

    @property
    def needs_agreement(self) -> bool:
        """Whether a therapist has to agree to it."""
        return needs_agreement(self.scopes)


def _read(*types: str) -> tuple[str, ...]:
    return tuple(f"system/{one}.rs" for one in types)


RIGHTS: Final = (
    Right("questionnaires", "Read questionnaires", _read("Questionnaire")),
    Right(
        "forms",
        "Send and read filled-in forms",
        ("system/QuestionnaireResponse.crus",),
        "Forms are kept. Other answers are proposed: a clinician takes them over. It can also read"
        " all answers of a patient, in a filled-in questionnaire.",
    ),
    Right(
        "record",
        "Read a patient’s record",
        _read(
            *("Patient", "Condition", "Observation", "MedicationStatement"),
            *("AllergyIntolerance", "Procedure", "CarePlan", "Consent"),
        ),
        "Diagnoses, forms, medicines, allergies, treatments, plans and consents.",
    ),
    Right(
        "letters",
        "Read signed letters and referrals",
        _read("ServiceRequest", "DocumentReference", "Binary"),
    ),
    Right(
        "reasoning",
        "Read recorded decisions with the therapist’s reasons",
        _read("GuidanceResponse", "Decision"),
    ),
    Right(
        "tasks",
        "Follow and answer referrals",
        ("system/Task.rus",),
        "Says to the desk that a letter was received, accepted or declined.",
    ),
    Right(
        "evidence",
        "Read the evidence",
        _read("Evidence"),
        "For programs that insist on asking: it is open to every program without it.",
    ),
    Right(
        "everything",
        "Take everything along (bulk export)",
        (EVERYTHING,),
        "All cases of the clinic at once. A therapist has to agree first.",
    ),
)


def scopes_of(keys: Iterable[str]) -> tuple[str, ...]:
    """The scopes of what was ticked, in the order of the page."""
    ticked = set(keys)
    return tuple(scope for one in RIGHTS if one.key in ticked for scope in one.scopes)


def rights_of(scopes: Iterable[str]) -> tuple[Right, ...]:
    """What these scopes give, in words."""
    held = set(scopes)
    return tuple(one for one in RIGHTS if held.issuperset(one.scopes))
