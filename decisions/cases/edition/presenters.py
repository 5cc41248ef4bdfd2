"""The page of a move: what a later edition asks newly, and what it says of the same answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from decisions.cases.case_file import CaseFile
from decisions.cases.earlier_words import earlier_answer
from decisions.cases.edition.moving import fingerprint_of_move, offered_edition
from decisions.cases.edition.releases import JudgedStricter
from decisions.cases.models import Decision
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import say
from decisions.rules.engine.edition_changes import (
    AskedOtherwise,
    VerdictChange,
    outcome_changes,
    question_changes,
)
from decisions.rules.engine.outcomes import Outcome, ShownAs
from decisions.rules.engine.result_words import option_name
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names


@dataclass(frozen=True)
class NewQuestion:
    """A question that only the later edition asks."""

    name: str
    ask: str
    is_asked: bool
    """Whether it is asked of this patient, with the answers as they are."""


@dataclass(frozen=True)
class GoneQuestion:
    """A question that the later edition does not ask, with its answer in words, if it has one."""

    name: str
    answer: str


@dataclass(frozen=True)
class OtherQuestion:
    """A question that the later edition asks in another way. answer: empty without one."""

    name: str
    was: str
    now: str
    reworded: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    answer: str
    is_taken: bool
    """Whether the later edition takes this answer."""


@dataclass(frozen=True)
class VerdictRow:
    """An option that the later edition judges otherwise, in words."""

    name: str
    before: str
    after: str
    now: tuple[str, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class MovePage:
    """Everything that the page of a move shows."""

    now: str
    offered: str
    new: tuple[NewQuestion, ...]
    gone: tuple[GoneQuestion, ...]
    otherwise: tuple[OtherQuestion, ...]
    verdicts: tuple[VerdictRow, ...]
    urgent: tuple[str, ...]
    no_longer_urgent: tuple[str, ...]
    leads_before: str
    leads_after: str
    fingerprint: str


def present_move(file: CaseFile) -> MovePage | None:
    """What moving the case would change; None where no later edition is offered."""
    offered = offered_edition(file.case)
    if offered is None:
        return None
    after = file.under(offered)
    changes = question_changes(file.edition.questionnaire, after.edition.questionnaire)
    found = outcome_changes(file.shown, after.shown)
    return MovePage(
        now=file.edition.id,
        offered=offered,
        new=tuple(_new(after, one) for one in changes.new),
        gone=tuple(_gone(file, one) for one in changes.gone),
        otherwise=tuple(_otherwise(file, after, one) for one in changes.otherwise),
        verdicts=verdict_rows(
            found.verdicts, file.edition.id, offered, first_course=after.outcome.first_course
        ),
        urgent=found.urgent,
        no_longer_urgent=found.no_longer_urgent,
        leads_before=_leads(file.shown),
        leads_after=_leads(after.shown),
        fingerprint=fingerprint_of_move(file, after.edition),
    )


def _new(after: CaseFile, question_id: str) -> NewQuestion:
    name = question_names(after.edition.id)[question_id]
    ask = after.edition.questionnaire.question(question_id).ask
    return NewQuestion(name, ask, after.answers.is_asked(question_id))


def _gone(file: CaseFile, question_id: str) -> GoneQuestion:
    return GoneQuestion(question_names(file.edition.id)[question_id], _answer(file, question_id))


def _otherwise(file: CaseFile, after: CaseFile, changed: AskedOtherwise) -> OtherQuestion:
    name = changed.question
    return OtherQuestion(
        name=question_names(after.edition.id)[name],
        was=file.edition.questionnaire.question(name).ask,
        now=after.edition.questionnaire.question(name).ask,
        reworded=changed.reworded,
        added=changed.added,
        removed=changed.removed,
        answer=_answer(file, name),
        is_taken=after.answers.is_answered(name),
    )


def _answer(file: CaseFile, question_id: str) -> str:
    """A stored answer in words, whether or not it is asked for; empty where there is none."""
    value = file.answers.get(question_id)
    if value is None:
        return earlier_answer(file, question_id)
    return say(file.edition.questionnaire.question(question_id), value)


def verdict_rows(
    changes: Iterable[VerdictChange], before: str, after: str, *, first_course: bool = False
) -> tuple[VerdictRow, ...]:
    """Options that another edition judges otherwise, each edition in its own words."""
    was, now, names = result_words(before), result_words(after), question_names(after)
    in_order = load_edition(after).questionnaire.in_order
    return tuple(
        VerdictRow(
            name=option_name(now, one.option, first_course=first_course),
            before=was.shown_as[ShownAs(one.before)],
            after=now.shown_as[ShownAs(one.after)],
            now=one.now,
            waits_for=tuple(names[name] for name in in_order(set(one.waits_for))),
        )
        for one in changes
    )


@dataclass(frozen=True)
class JudgedView:
    """What a later, released edition holds back that a recorded decision did not."""

    edition: str
    released_at: datetime
    verdicts: tuple[VerdictRow, ...]
    urgent: tuple[str, ...]


def judged_view(judged: JudgedStricter | None, decision: Decision) -> JudgedView | None:
    """The same in words; None where nothing is stricter."""
    if judged is None:
        return None
    first = bool(decision.outcome["first_course"])
    return JudgedView(
        edition=judged.edition,
        released_at=judged.release.released_at,
        verdicts=verdict_rows(
            judged.changes.stricter, decision.edition, judged.edition, first_course=first
        ),
        urgent=judged.changes.urgent,
    )


def _leads(outcome: Outcome) -> str:
    """The name of the option that leads; empty where none does."""
    words = result_words(outcome.edition)
    first = outcome.first_course
    return next((option_name(words, one, first_course=first) for one in outcome.leading), "")
