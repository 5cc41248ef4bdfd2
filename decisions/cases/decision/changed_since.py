"""What changed in a case since a decision was recorded: answers, rows, rules and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Answer, Decision
from decisions.cases.question_links import QuestionLink, link_to
from decisions.cases.told import rows_changed_since
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.engine.edition import Edition
from decisions.rules.question_names import question_names
from kapnet.core.people.models import User
from kapnet.core.web.days import say_day


class Kind(StrEnum):
    """What happened to an answer; the values are what a page says of it."""

    ANSWERED = "answered since"
    CHANGED = "changed"
    CONFIRMED = "the same, of another day"
    GONE = "taken back, or not asked now"


Dated = Mapping[str, object]
"""An answer as a decision keeps it: value and assessed_on."""


class ChangedAnswer(NamedTuple):
    """One answer before and after, each in words with its day; empty where there was none.

    by: who saved it, where that is not who recorded the decision.
    """

    name: str
    kind: Kind
    before: str
    after: str
    link: QuestionLink | None
    by: str = ""


def changed_since(file: CaseFile, recorded: Decision) -> tuple[ChangedAnswer, ...]:
    """Every answer that is another than the decision rested on, in the order of asking.

    Of a question that the edition of the case does not ask, the name is that of the decision.
    """
    before, after = recorded.answers, file.answers_with_dates
    said = {one["question"]: one["words"] for one in recorded.answers_in_words}
    differ = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    questionnaire = file.edition.questionnaire
    here = {one for one in differ if questionnaire.has_question(one)}
    found = {
        name: _changed(file, name, before.get(name), after.get(name), said.get(name, ""), recorded)
        for name in (*questionnaire.in_order(here), *sorted(differ - here))
    }
    saved_by = _others(recorded, {name: file.rows[name] for name in found if name in file.rows})
    return tuple(one._replace(by=saved_by.get(name, "")) for name, one in found.items())


def _others(recorded: Decision, rows: Mapping[str, Answer]) -> dict[str, str]:
    """Question -> who saved its answer, where that is somebody else."""
    theirs = {
        name: row.saved_by_id
        for name, row in rows.items()
        if row.saved_by_id != recorded.recorded_by_id
    }
    people = User.objects.in_bulk(set(theirs.values())) if theirs else {}
    return {name: str(people[person]) for name, person in theirs.items()}


class RestsOn(NamedTuple):
    """The rules or the evidence of a decision, where the case has others now."""

    name: str
    before: str
    after: str


def _rests_on(file: CaseFile, recorded: Decision) -> Iterator[RestsOn]:
    now = (file.edition.id, file.evidence.release)
    then = (recorded.edition, recorded.evidence_release)
    names = ("Edition of the rules", "Evidence release")
    for name, before, after in zip(names, then, now, strict=True):
        if before != after:
            yield RestsOn(name, before, after)


def changes_since(file: CaseFile, recorded: Decision) -> dict[str, object]:
    """For a page: all that changed since a decision, in one list."""
    return {
        "of": recorded,
        "changed": changed_since(file, recorded),
        "changed_rows": tuple(rows_changed_since(file.case, recorded.recorded_at)),
        "rests_on": tuple(_rests_on(file, recorded)),
    }


def since_last_decision(file: CaseFile, decisions: Iterable[Decision]) -> dict[str, object]:
    """The same since the newest of these decisions, the newest first."""
    newest = next(iter(decisions), None)
    return changes_since(file, newest) if newest else {}


def _changed(
    file: CaseFile,
    name: str,
    before: Dated | None,
    after: Dated | None,
    said: str,
    recorded: Decision,
) -> ChangedAnswer:
    is_asked = file.edition.questionnaire.has_question(name)
    edition_id = file.edition.id if is_asked else recorded.edition
    return ChangedAnswer(
        name=question_names(edition_id).get(name, name),
        kind=_kind(before, after),
        before=_dated(said, before),
        after=_dated(_words_now(file, file.edition, name), after) if is_asked else "",
        link=link_to(file, name, back_to="decision") if is_asked else None,
    )


def _kind(before: Dated | None, after: Dated | None) -> Kind:
    if before is None:
        return Kind.ANSWERED
    if after is None:
        return Kind.GONE
    return Kind.CONFIRMED if before["value"] == after["value"] else Kind.CHANGED


def _words_now(file: CaseFile, edition: Edition, name: str) -> str:
    return describe_answer(edition, edition.questionnaire.question(name), file.answers).words


def _dated(words: str, answer: Dated | None) -> str:
    if answer is None:
        return ""
    return f"{words}, {say_day(date.fromisoformat(str(answer['assessed_on'])))}"
