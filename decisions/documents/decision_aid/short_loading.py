"""The only reader of the two pages: the English file whole, another language laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import ValidationError

from decisions.documents.decision_aid.loading import SheetRefused, load_sheet
from decisions.documents.decision_aid.short import (
    ShortSheet,
    problems_of_short,
    problems_of_translation,
)
from decisions.rules.loading import CURRENT_EDITION, folder_of
from evidence.loading import load_dossier
from evidence.strict_yaml import YamlRefused, first_fault, read_yaml

ENGLISH: Final = "en"
FILES: Final[Mapping[str, str]] = {"en": "sheet_short.yaml", "es": "sheet_short.es.yaml"}
"""Language as addresses name it -> its file."""

TOPICS = ("first", "second")


@cache
def load_short(language: str = ENGLISH, edition_id: str = CURRENT_EDITION) -> ShortSheet:
    """The two pages in a language. Raises SheetRefused, which names file and place."""
    english = _read(ENGLISH, edition_id)
    if language == ENGLISH:
        return read_short(english, ENGLISH)
    laid = lay_over(english, _read(language, edition_id), FILES[language])
    short = read_short(laid, language)
    if problems := list(problems_of_translation(short, load_short(ENGLISH, edition_id))):
        raise SheetRefused("\n".join(f"{FILES[language]}, {one}" for one in problems))
    return short


def _read(language: str, edition_id: str) -> dict[str, Any]:
    try:
        raw = read_yaml(folder_of(edition_id) / FILES[language])
    except YamlRefused as error:
        raise SheetRefused(str(error)) from error
    if not isinstance(raw, dict):
        raise SheetRefused(f"{FILES[language]}: it must map names to words")
    return raw


def read_short(raw: object, language: str) -> ShortSheet:
    """The two pages in this plain data, checked against the long sheet. Raises SheetRefused."""
    file = FILES[language]
    try:
        short = ShortSheet.model_validate(raw)
    except ValidationError as error:
        raise SheetRefused(first_fault(error, file)) from error
    if problems := list(problems_of_short(short, load_sheet(), load_dossier())):
        raise SheetRefused("\n".join(f"{file}, {problem}" for problem in problems))
    return short


def lay_over(english: dict[str, Any], words: dict[str, Any], file: str) -> dict[str, Any]:
    """The words of a language with the figures and sources of the English lines.

    Raises SheetRefused where a topic, an option or a line has no counterpart.
    """
    whole = dict(words)
    for part in TOPICS:
        pairs = zip(english[part], words.get(part, ()), strict=False)
        whole[part] = [_topic(mine, its, file) for mine, its in pairs]
        if len(whole[part]) != len(english[part]):
            raise SheetRefused(f"{file}, {part}: as many topics as in English")
    return whole


def _topic(english: dict[str, Any], words: dict[str, Any], file: str) -> dict[str, Any]:
    cells = words.get("cells", {})
    if english["id"] != words.get("id") or list(english["cells"]) != list(cells):
        raise SheetRefused(f"{file}, {english['id']}: the same options as in English")
    said = {
        option: [{**line, "say": say} for line, say in zip(lines, cells[option], strict=False)]
        for option, lines in english["cells"].items()
    }
    for option, lines in english["cells"].items():
        if not len(said[option]) == len(lines) == len(cells[option]):
            raise SheetRefused(f"{file}, {english['id']}, {option}: as many lines as in English")
    return {**english, **words, "cells": said}
