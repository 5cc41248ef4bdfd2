"""What other rooms propose as answers of a case. A proposal is shown and answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from decisions.cases.case_file import CaseFile
from decisions.rules.question_names import question_names

Provider = Callable[[CaseFile, str], Mapping[str, tuple[str, ...]]]
"""Of a case and a question: value -> what proposes it, in words."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let somebody propose answers."""
    if provider not in _providers:
        _providers.append(provider)


def proposed_for(file: CaseFile, question_id: str) -> tuple[str, ...]:
    """Each proposed answer to a question in words, with what proposes it; none over an answer."""
    if file.answers.is_known(question_id):
        return ()
    question = file.edition.questionnaire.question(question_id)
    found = [
        (value, why)
        for provider in _providers
        for value, why in provider(file, question_id).items()
    ]
    return tuple(f"{question.label_of(value)} ({', '.join(why)})" for value, why in found)


def proposals_in(file: CaseFile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Short name of each question that is asked, and what is proposed as its answer."""
    names = question_names(file.edition.id)
    found = (
        (names[one.id], proposed_for(file, one.id))
        for one in file.edition.questionnaire.questions
        if file.answers.is_asked(one.id)
    )
    return tuple((name, proposed) for name, proposed in found if proposed)
