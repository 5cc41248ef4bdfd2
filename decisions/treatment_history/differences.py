"""Where the rows of a treatment history and the answers of the questionnaire do not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.cases.case_file import CaseFile
from decisions.cases.question_links import QuestionLink, link_to
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.treatment_history import EARLIER
from decisions.rules.question_names import question_names
from decisions.treatment_history.models import HistoryRow, Kind

COUNTED = {"tms_courses": Kind.TMS_COURSES, "antidepressant_trials": Kind.TRIALS}
"""Question that counts something -> the rows that list it."""


@dataclass(frozen=True)
class Difference:
    """What does not fit, in a sentence, and the question that it is about."""

    says: str
    link: QuestionLink


def differences(file: CaseFile, rows: Iterable[HistoryRow]) -> tuple[Difference, ...]:
    """Shown where the rows are written: a letter prints both."""
    words, names = load_words(file.edition.id).history.gaps, question_names(file.edition.id)
    kinds = [row.kind for row in rows if row.values.get("episode") != EARLIER]
    found = []
    for question, kind in COUNTED.items():
        answered, listed = file.raw_answers.get(question), kinds.count(kind)
        if listed and isinstance(answered, int) and answered != listed:
            says = words["differs"].format(question=names[question], answered=answered, rows=listed)
            found.append(Difference(says, link_to(file, question)))
    return tuple(found)
