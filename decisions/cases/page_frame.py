"""What every page of a case shows around its own content: case line and act-first block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from decisions.cases.case_file import CaseFile, Item9, OpenTask
from decisions.cases.contradictions import age_on
from decisions.cases.models import Case, Decision
from decisions.cases.question_links import QuestionLink, link_to
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.verdicts import PREFERENCE
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names
from kapnet.core.web.days import say_day

DATED = ("phq9", "suicide_risk")
"""The questions whose answer stands in the case line, with the day of assessment."""
SAYS_TODAY = "suicide_risk"
"""The one of them whose name says that it is of today."""


@dataclass(frozen=True)
class ActFirst:
    """The one loud block: what must be done before any choice."""

    reasons: tuple[str, ...]
    task_url: str
    item9: tuple[str, ...]
    """While a safety task is open: what item 9 was, in points, and when."""
    is_about_item9: bool
    """Whether it is beside that item, too."""
    answer: QuestionLink | None
    """The open question that an act-first rule asks to be answered now."""
    is_answered_here: bool = False
    """Whether that question is beside it, so that it leads nowhere else."""

    def __bool__(self) -> bool:
        return bool(self.reasons or self.task_url)


def act_first(file: CaseFile) -> ActFirst:
    """The act-first block of a case; false when nothing calls for it."""
    urgent = file.urgent
    has_question = file.edition.questionnaire.has_question
    used = {name for one in urgent for name in one.questions if has_question(name)}
    safety, question = file.edition.questionnaire.safety_question, file.first_question
    return ActFirst(
        reasons=tuple(finding.because for finding in urgent),
        task_url=reverse("cases:safety", args=[file.case.pk]) if file.has_open_task else "",
        item9=item9_of(file),
        is_about_item9=file.has_open_task or bool(safety and safety.id in used),
        answer=link_to(file, question) if question else None,
    )


def item9_of(file: CaseFile) -> tuple[str, ...]:
    """What item 9 was while a safety task is open, and is now; nothing without a task."""
    return say_item9(file.open_task, file.item9) if file.open_task else ()


def say_item9(task: OpenTask, now: Item9 | None = None) -> tuple[str, ...]:
    """Item 9 as a safety task keeps it, and as it is answered now, in the order of the days."""
    known = [task.first, task.highest, *([now] if now else [])]
    by_day = sorted({one: one for one in known}.values(), key=lambda one: one.day)
    return tuple(
        f"{'at least ' if one.is_least else ''}{one.points} on {say_day(one.day)}" for one in by_day
    )


def case_line(file: CaseFile) -> tuple[str, ...]:
    """Case and name, age, PHQ-9 and suicide risk, each score with its day."""
    return (case_title(file.case), *_age(file), *_dated(file))


def case_title(case: Case) -> str:
    """Number and name of a case."""
    return f"Case {case.number:04d} · {case.patient_name}"


def _age(file: CaseFile) -> Iterator[str]:
    if (years := age_years(file)) is not None:
        yield f"{years} years"


def age_years(file: CaseFile) -> int | None:
    """The age as answered, else from the date of birth."""
    answered = file.raw_answers.get("age_years")
    if isinstance(answered, int):
        return answered
    born = file.case.date_of_birth
    return age_on(born, timezone.localdate()) if born else None


def _dated(file: CaseFile) -> Iterator[str]:
    for name in DATED:
        day = file.assessed_on(name)
        if day is not None:
            question = file.edition.questionnaire.question(name)
            words = describe_answer(file.edition, question, file.answers).words
            yield f"{_label(file.edition, name)} {words}{_on(day, name)}"


def _on(day: date, question_id: str) -> str:
    if day != timezone.localdate():
        return f", {say_day(day)}"
    return "" if question_id == SAYS_TODAY else ", today"


def preference_of(file: CaseFile) -> str:
    """What the patient prefers; empty where that was not answered."""
    if file.answers.is_answered(PREFERENCE) and file.answers.is_asked(PREFERENCE):
        question = file.edition.questionnaire.question(PREFERENCE)
        words = describe_answer(file.edition, question, file.answers).words
        return _prefers(file.edition, words)
    return ""


def _prefers(edition: Edition, preference: str) -> str:
    return result_words(edition.id).prefers.format(preference=preference)


def _label(edition: Edition, question_id: str) -> str:
    """The name before an answer: PHQ-9 reads on, another name takes a colon."""
    name = question_names(edition.id)[question_id]
    return name if edition.questionnaire.question(question_id).instrument else f"{name}:"


def recorded_line(recorded: Decision) -> Iterator[str]:
    """Age, PHQ-9 and suicide risk as they were when a decision was recorded."""
    edition = load_edition(recorded.edition)
    words = {one["question"]: one["words"] for one in recorded.answers_in_words}
    if "age_years" in recorded.answers:
        yield words["age_years"]
    for name in DATED:
        if name in recorded.answers:
            day = date.fromisoformat(recorded.answers[name]["assessed_on"])
            yield f"{_label(edition, name)} {words[name]}, {say_day(day)}"


def recorded_preference(recorded: Decision) -> str:
    """What the patient preferred when a decision was recorded; empty where it was not answered."""
    if PREFERENCE not in recorded.answers:
        return ""
    words = {one["question"]: one["words"] for one in recorded.answers_in_words}
    return _prefers(load_edition(recorded.edition), words[PREFERENCE])
