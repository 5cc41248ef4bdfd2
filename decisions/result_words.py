"""The only reader of the words in which a result is said."""

from __future__ import annotations

from functools import cache

from pydantic import ValidationError

from decisions.domain.result_words import ResultWords
from decisions.loading import EDITIONS
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.guidance import GuidanceUnavailable

FILE = "words.yaml"


class ResultWordsRefused(GuidanceUnavailable, ValueError):
    """Words that cannot be used; the message names the place."""


@cache
def result_words() -> ResultWords:
    """The words for every edition. Raises ResultWordsRefused."""
    return read_result_words(_read())


def _read() -> object:
    try:
        return read_yaml(EDITIONS / FILE)
    except YamlRefused as error:
        raise ResultWordsRefused(str(error)) from error


def read_result_words(raw: object) -> ResultWords:
    """The words in this plain data. Raises ResultWordsRefused."""
    try:
        return ResultWords.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ResultWordsRefused(f"{FILE}, {place or 'the file'}: {first['msg']}") from error
