"""The answers that every letter needs: known before a decision is recorded, and before signing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.answers_in_words import AnswerState
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Scores

Need = tuple[str, str, tuple[str, ...]]
"""What is missing (a key of `missing` in letter.yaml), the first question, and all of a screen."""


def answers_needed(
    words: LetterWords, answers: Answers, states: Mapping[str, AnswerState]
) -> Iterator[Need]:
    """The answers that are missing, in the order of the letter.

    "Not known" is an answer to a question of a safety screen: it is printed.
    """
    if states["diagnosis"] is not AnswerState.ANSWERED:
        yield "diagnosis", "diagnosis", ()
    score = answers.get("phq9")
    if not isinstance(score, Scores) or score.total is None:
        yield "score", "phq9", ()
    if states["suicide_risk"] is not AnswerState.ANSWERED:
        yield "suicide_assessment", "suicide_risk", ()
    for screen in ("tms_safety", "ketamine_safety"):
        still_open = [
            one
            for one in words.blocks[screen]
            # A follow-up cannot be answered while it is not known whether it is asked.
            if states[one] is AnswerState.OPEN and answers.is_asked(one)
        ]
        if still_open:
            yield screen, still_open[0], tuple(still_open)
