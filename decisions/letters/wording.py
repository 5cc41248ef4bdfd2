"""The only reader of the words of the letter: strict, and checked against their edition."""

from __future__ import annotations

from functools import cache

from pydantic import ValidationError

from decisions.domain.letter_words import LetterWords, problems_of_words
from decisions.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.result_words import result_words
from evidence.strict_yaml import YamlRefused, read_yaml

FILE, HISTORY_FILE, SHARING_FILE = "letter.yaml", "history.yaml", "sharing.yaml"


class WordingRefused(ValueError):
    """Words of a letter that cannot be used; the message says where and how to mend it."""


@cache
def load_words(edition_id: str = CURRENT_EDITION) -> LetterWords:
    """The words of the letter of one edition.

    Raises WordingRefused for unknown, missing or repeated keys, places that nothing fills in,
    rules without a phrase, and questions that do not exist.
    """
    try:
        raw = read_yaml(EDITIONS / edition_id / FILE)
    except YamlRefused as error:
        raise WordingRefused(str(error)) from error
    return read_words(raw, edition_id)


def read_words(raw: object, edition_id: str) -> LetterWords:
    """The words in this plain data, checked against the edition. Raises WordingRefused."""
    if not isinstance(raw, dict):
        raise WordingRefused(f"{FILE}: it must map names to words")
    try:
        words = LetterWords.model_validate(
            {
                **_with_sharing(raw),
                "result": result_words(),
                "history": _of_history(raw.get("history")),
            }
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WordingRefused(f"{FILE}, {place or 'the file'}: {first['msg']}") from error
    if problems := problems_of_words(words, load_edition(edition_id)):
        raise WordingRefused("\n".join(f"{FILE}, {problem}" for problem in problems))
    return words


def _of_history(raw: object) -> object:
    """The words for treatment history, with what holds under every edition."""
    if not isinstance(raw, dict):
        return raw
    shared = _shared(HISTORY_FILE, "scales", "doubts")
    return {**raw, "ranges": shared["scales"], "doubts": shared["doubts"]}


def _with_sharing(raw: dict[str, object]) -> dict[str, object]:
    """The words of a letter, with those for an emergency, which are the same for every edition."""
    shared = _shared(SHARING_FILE, "annex", "missing")
    joined = {
        part: {**own, **more} if isinstance(own, dict) and isinstance(more, dict) else own
        for part, more in shared.items()
        for own in [raw.get(part)]
    }
    return {**raw, **joined}


@cache
def _shared(file: str, *parts: str) -> dict[str, object]:
    """A file of words for every edition, which has these parts. Raises WordingRefused."""
    try:
        shared = read_yaml(EDITIONS / file)
    except YamlRefused as error:
        raise WordingRefused(str(error)) from error
    if not isinstance(shared, dict) or set(shared) != set(parts):
        raise WordingRefused(f"{file}: it must have {' and '.join(parts)}")
    return shared
