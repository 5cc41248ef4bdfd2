"""Sources behind a signed letter that were valid until a day that is past by now."""

from __future__ import annotations

from typing import NamedTuple

from decisions.cited import findings_in
from decisions.domain.outcomes import Outcome
from decisions.models import Decision
from evidence.ending import Endings


class EndedSource(NamedTuple):
    """A cited source whose last day is past. says: so in words."""

    key: str
    label: str
    says: str


def ended_since(decision: Decision, endings: Endings) -> tuple[EndedSource, ...]:
    """The sources that a decision names and that have ended, each once."""
    outcome = Outcome.model_validate(decision.outcome)
    keys = dict.fromkeys(key for one in findings_in(outcome) for key in one.rests_on)
    said = ((key, endings.beside([key])) for key in keys)
    return tuple(
        EndedSource(key, endings.evidence.source(key).label, says) for key, says in said if says
    )
