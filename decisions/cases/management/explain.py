"""A result as readable text, for people at a terminal."""

from __future__ import annotations

from django.template.loader import render_to_string

from decisions.cases.json_lines import CaseLine, LineRefused
from decisions.documents.words.reading import result_words
from decisions.rules.engine.answers_in_words import describe_answers
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.sensitivity.changes import Changes
from decisions.rules.sensitivity.settled import Robustness


def explain_outcome(
    case: CaseLine,
    edition: Edition,
    outcome: Outcome,
    robustness: Robustness,
    changes: Changes | None = None,
) -> str:
    """What an outcome says, option by option, with the answers that were used."""
    questions = {question.id: question.ask for question in edition.questionnaire.questions}
    words = result_words(edition.id)
    context = {
        "id": case.id,
        "outcome": outcome,
        "options": [
            (one, words.shown_as[outcome.shown_as(one.option)]) for one in outcome.options.values()
        ],
        "answers": describe_answers(edition, case.answers),
        "questions": questions,
        "robustness": robustness,
        "changes": (changes or {}).items(),
    }
    return render_to_string("decisions/explain.txt", context).strip() + "\n"


def explain_refusal(refused: LineRefused, number: int) -> str:
    """What was wrong with a line, one line each. number: which one it is, from 1."""
    context = {"refused": refused, "number": number}
    return render_to_string("decisions/explain_refusal.txt", context).strip() + "\n"
