"""The only reader of the words of the letter: strict, and checked against their edition."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ValidationError

from decisions.documents.letter.conditions import problems_of_conditions
from decisions.documents.letter.page_words import PageWords
from decisions.documents.letter.wording import LetterWords, problems_of_words
from decisions.documents.words.reading import (
    WordsRefused,
    labels_of,
    lists_of,
    read_words_of,
    result_words,
)
from decisions.rules.loading import CURRENT_EDITION, FALLBACK, file_of_words, load_edition
from evidence.strict_yaml import YamlRefused, first_fault, read_yaml

FILE, HISTORY_FILE, PAGE_FILE = "letter.yaml", "history.yaml", "letter_page.yaml"


class WordingRefused(ValueError):
    """Words of a letter that cannot be used; the message says where and how to fix it."""


@cache
def load_words(edition_id: str = CURRENT_EDITION) -> LetterWords:
    """The words of the letter of one edition.

    Raises WordingRefused for unknown, missing or repeated keys, places that nothing fills in,
    rules without a phrase, and questions that do not exist.
    """
    try:
        raw = read_yaml(file_of_words(edition_id, FILE))
    except YamlRefused as error:
        raise WordingRefused(str(error)) from error
    return read_words(raw, edition_id)


def read_words(raw: object, edition_id: str) -> LetterWords:
    """The words in this plain data, checked against the edition. Raises WordingRefused."""
    if not isinstance(raw, dict):
        raise WordingRefused(f"{FILE}: it must map names to words")
    try:
        whole = _with_limits(_with_lists(_with_later_words(raw), edition_id))
        page = read_words_of(edition_id, PAGE_FILE, PageWords)
        # What each reader gets is the same under every edition, also where an older one says it.
        beside = {"result": result_words(edition_id), "page": page, "annex_of": page.annex_of}
        words = LetterWords.model_validate({**whole, **beside})
    except WordsRefused as error:
        raise WordingRefused(str(error)) from error
    except ValidationError as error:
        raise WordingRefused(first_fault(error, FILE)) from error
    edition = load_edition(edition_id)
    if problems := problems_of_words(words, edition) + problems_of_conditions(words, edition):
        raise WordingRefused("\n".join(f"{FILE}, {problem}" for problem in problems))
    return words


def _with_lists(raw: dict[str, Any], edition_id: str) -> dict[str, Any]:
    """With the lists and labels that are files of their own.

    A list of the letter's own goes before one that the edition falls back on.
    """
    history = raw.get("history")
    if not isinstance(history, dict):
        return raw
    own = history.get("choices")
    if isinstance(own, dict):
        own = {**lists_of(edition_id, own=False), **own, **lists_of(edition_id, own=True)}
    labels = {"labels": labels_of(edition_id)}
    return {**labels, **raw, "history": {**history, "choices": own}}


def _with_later_words(raw: dict[str, Any]) -> dict[str, Any]:
    """With the words that letters came to need after an edition was closed, where it lacks them."""
    later: Any = read_yaml(FALLBACK / FILE)
    added = {
        key: {**own, **{name: text for name, text in words.items() if name not in own}}
        for key, words in later.items()
        if isinstance(own := raw.get(key, {}), dict)
    }
    return {**raw, **added}


def _with_limits(raw: dict[str, Any]) -> dict[str, Any]:
    """With what holds for treatment history under every edition."""
    history, shared = raw.get("history"), _shared_history()
    if not isinstance(history, dict):
        return raw
    limits = {"ranges": shared["scales"], "doubts": shared["doubts"]}
    return {**raw, "history": {**history, **limits}}


@cache
def _shared_history() -> dict[str, Any]:
    shared: Any = read_yaml(FALLBACK.parent / HISTORY_FILE)
    if not isinstance(shared, dict) or set(shared) != {"scales", "doubts"}:
        raise WordingRefused(f"{HISTORY_FILE}: it must have scales and doubts")
    return shared
