"""What changed in the answers of a case since a decision was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Decision
from decisions.cases.question_links import QuestionLink, link_to
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.engine.edition import Edition
from decisions.rules.question_names import question_names
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
    """One answer before and after, each in words with its day; empty where there was none."""

    name: str
    kind: Kind
    before: str
    after: str
    link: QuestionLink | None


def changed_since(file: CaseFile, recorded: Decision) -> tuple[ChangedAnswer, ...]:
    """Every answer that is another than the decision rested on, in the order of asking.

    Of a question that the edition of the case does not ask, the name is that of the decision.
    """
    before, after = recorded.answers, file.answers_with_dates
    said = {one["question"]: one["words"] for one in recorded.answers_in_words}
    differ = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    questionnaire = file.edition.questionnaire
    here = {one for one in differ if questionnaire.has_question(one)}
    return tuple(
        _changed(file, name, before.get(name), after.get(name), said.get(name, ""), recorded)
        for name in (*questionnaire.in_order(here), *sorted(differ - here))
    )


def since_last_decision(file: CaseFile, decisions: Iterable[Decision]) -> dict[str, object]:
    """For a page: what changed since the newest of these decisions, the newest first."""
    newest = next(iter(decisions), None)
    return {"changed": changed_since(file, newest), "of": newest} if newest else {}


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
