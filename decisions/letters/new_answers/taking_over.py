"""Answers that came after the decision of a draft: what they change, and taking them over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from decisions.cases.actions import record_decision
from decisions.cases.decision.short_answer import answer_of
from decisions.cases.edition.presenters import VerdictRow, verdict_rows
from decisions.letters.actions import LetterIsSignedError, use_newest_decision
from decisions.letters.composition import Composition
from decisions.letters.models import Letter
from decisions.rules.engine.answers_in_words import OPEN
from decisions.rules.engine.composed_answer import ComposedAnswer
from decisions.rules.engine.edition_changes import outcome_changes
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.question_names import question_names
from kapnet.core.people.models import User


@dataclass(frozen=True)
class ChangedAnswer:
    """A question whose answer is another by now, or the same of another day."""

    name: str
    before: str
    after: str

    @property
    def is_of_another_day(self) -> bool:
        """Whether only the day is another."""
        return self.before == self.after


@dataclass(frozen=True)
class NewAnswers:
    """What taking over the answers of today changes. fingerprint: of the answers shown here."""

    answers: tuple[ChangedAnswer, ...]
    verdicts: tuple[VerdictRow, ...]
    urgent: tuple[str, ...]
    answer: ComposedAnswer
    fingerprint: str


def present_new_answers(composition: Composition) -> NewAnswers | None:
    """What they change; None where nothing is new, or somebody has decided since."""
    if composition.newer_decision or not composition.answers_have_changed:
        return None
    decision, file = composition.letter.decision, composition.file
    before = Outcome.model_validate(decision.outcome)
    changes = outcome_changes(before, file.shown)
    return NewAnswers(
        answers=tuple(_changed(composition)),
        verdicts=verdict_rows(
            changes.verdicts,
            decision.edition,
            file.edition.id,
            first_course=file.outcome.first_course,
        ),
        urgent=changes.urgent,
        answer=answer_of(file.shown, file.endings),
        fingerprint=file.fingerprint,
    )


def _changed(composition: Composition) -> Iterator[ChangedAnswer]:
    decision, file = composition.letter.decision, composition.file
    names = question_names(file.edition.id)
    said = {one["question"]: one["words"] for one in decision.answers_in_words}
    for one in file.answers_in_words:
        before, after = (
            decision.answers.get(one.question),
            file.answers_with_dates.get(one.question),
        )
        if before != after:
            yield ChangedAnswer(names[one.question], said.get(one.question, OPEN), one.words)


@transaction.atomic
def take_new_answers(*, letter: Letter, actor: User, fingerprint: str) -> None:
    """Record a decision of today's answers, with the same choice, and let the draft rest on it.

    Its reasoning is that of the letter. fingerprint: of the answers that the person was shown.
    Raises LetterIsSignedError, and AnswersChangedError when the answers are others by now.
    """
    if letter.is_signed:
        raise LetterIsSignedError
    record_decision(
        case=letter.case,
        actor=actor,
        chosen=letter.decision.chosen,
        reasoning=letter.reasoning or letter.decision.reasoning,
        fingerprint=fingerprint,
    )
    use_newest_decision(letter=letter, actor=actor)
