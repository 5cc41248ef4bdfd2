"""Answers that the last post of a whole form replaced, kept for Undo.

Answers travel in no address, so they wait in the session, encrypted. A page that saves answer by
answer carries them itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict

from decisions.cases.case_file import CaseFile
from decisions.cases.section.undoing import Previous, previous_of, read_previous
from decisions.cases.session import keep_of_case, kept_of_case
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.questionnaire.answer_values import AnswerProblem

KEPT = "replaced_answers"


def keep_replaced(
    request: HttpRequest, before: CaseFile, after: CaseFile, names: Iterable[str]
) -> None:
    """Keep what was there before these answers were saved; where nothing was, the session stays."""
    found = {}
    for name in names:
        question = after.edition.questionnaire.question(name)
        if previous := previous_of(before, after, question):
            found[name] = {"text": previous.text, "version": after.rows[name].version}
    if found:
        keep_of_case(request, KEPT, after.case, answers=found)


def replaced_in(request: HttpRequest, file: CaseFile) -> dict[str, Previous]:
    """Question -> the answer before, while nobody has saved another one since."""
    return {
        name: previous
        for name, (previous, version) in _kept_in(request, file).items()
        if file.rows[name].version == version
    }


def with_previous(request: HttpRequest, file: CaseFile) -> QueryDict:
    """What was posted, with the answer that Undo brings back where the page carried none.

    Also where a colleague answered meanwhile: the token of the page tells that apart.
    """
    name, kept = request.POST.get("undo", ""), _kept_in(request, file)
    if name not in kept or request.POST.get("previous"):
        return request.POST
    post = request.POST.copy()
    post["previous"] = kept[name][0].text
    return post


def _kept_in(request: HttpRequest, file: CaseFile) -> dict[str, tuple[Previous, int]]:
    """Question -> the answer before, and the version that took its place."""
    found = {}
    for name, one in kept_of_case(request, KEPT, file.case).get("answers", {}).items():
        if name not in file.rows or not file.edition.questionnaire.has_question(name):
            continue
        try:
            value, day = read_previous(one["text"])
            words = say_plain(file.edition.questionnaire.question(name), value)
        except AnswerProblem:
            continue  # the case was moved to an edition that does not take it
        found[name] = Previous(value, day, words), one["version"]
    return found
