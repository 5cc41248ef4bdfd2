"""The second hash of an edition: over all the words that its own hash leaves out."""

from __future__ import annotations

from functools import cache

from decisions.documents.letter.loading import load_words
from decisions.documents.plan.loading import load_plan_words
from decisions.documents.words.reading import result_words
from decisions.rules.logic.values import sha256_of
from decisions.rules.question_names import question_names


@cache
def words_sha256(edition_id: str) -> str:
    """SHA-256 over the loaded words of pages, letters and plans, lists and labels included.

    Decisions and letters record it: the same rules said in other words are told apart.
    """
    return sha256_of(
        {
            "names": dict(question_names(edition_id)),
            "pages": result_words(edition_id).model_dump(mode="json"),
            "letters": load_words(edition_id).model_dump(mode="json"),
            "plans": load_plan_words(edition_id).model_dump(mode="json"),
        }
    )
