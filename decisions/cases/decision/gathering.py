"""What the page of a decision reads besides the case: all of it here, before anything is shown."""

from __future__ import annotations

from typing import Any, NamedTuple

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Decision
from decisions.cases.queries import decisions_to_list
from decisions.cases.told import letter_of, mismatches_of
from decisions.documents.contradictions.compared import Mismatch
from decisions.phrases.models import Phrase
from decisions.phrases.queries import phrases_for
from evidence.ending import Endings
from kapnet.core.people.models import User


class Gathered(NamedTuple):
    """decisions: the newest first. mismatches: what rooms above keep and does not fit. endings: of
    the evidence of today. letter: where the newest one stands."""

    decisions: list[Decision]
    mismatches: tuple[Mismatch, ...]
    endings: Endings
    letter: Any
    phrases: list[Phrase]

    @property
    def newest(self) -> Decision | None:
        """The latest decision."""
        return self.decisions[0] if self.decisions else None


def gather(file: CaseFile, person: User) -> Gathered:
    """For the page of a case as it stands."""
    return Gathered(
        decisions=decisions_to_list(file.case),
        mismatches=mismatches_of(file),
        endings=file.endings,
        letter=letter_of(file.case),
        phrases=phrases_for(person, Phrase.Kind.REASONING),
    )
