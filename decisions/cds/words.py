"""The only reader of an edition's words for other record systems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Self

from pydantic import Field, ValidationError, model_validator

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import HALVES, OptionId
from decisions.rules.loading import CURRENT_EDITION, folder_of, load_edition
from decisions.rules.logic.values import Frozen, Id, Text
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.core.web.guidance import GuidanceUnavailable

FILE = "hooks.yaml"
LONGEST_SUMMARY = 139
LONGEST_VALUE = "300/200 mmHg"
"""As long as a value can get that a summary names."""


class HookWordsRefused(GuidanceUnavailable, ValueError):
    """Words that cannot be used; the message says why."""


class Service(Frozen):
    """A service as another system lists it."""

    title: Text
    description: Text


class Code(Frozen):
    """A code of a coding system."""

    system: Text
    code: Text


class Order(Frozen):
    """By what an order of an option is known. words: in lower case."""

    name: Text
    words: tuple[Text, ...] = Field(min_length=1)
    codes: tuple[Code, ...]


class BloodPressure(Frozen):
    """The questions that a measurement answers, and how old it may be."""

    id: Id
    name: Text
    questions: dict[str, Id]
    days: int = Field(ge=1)

    @model_validator(mode="after")
    def _has_both_parts(self) -> Self:
        if self.questions.keys() != {"systolic", "diastolic"}:
            raise ValueError("name a question for systolic and one for diastolic")
        return self


class Compare(Frozen):
    """The card that leads to the comparison."""

    relapse: Text
    order: Text
    detail: Text
    phq9: Text
    release: Text
    link: Text


class Warn(Frozen):
    """The card of a fact that stops a rule, or is missing and could."""

    stops: Text
    missing: Text
    why_missing: Text
    why_stops: Text
    rule: Text
    no_source: Text


class OverrideReason(Frozen):
    """What somebody may say who sets a card aside."""

    code: Id
    display: Text


class HookWords(Frozen):
    """All of it."""

    edition: Text
    services: dict[str, Service]
    orders: dict[OptionId, Order]
    depression: tuple[Text, ...] = Field(min_length=1)
    facts: tuple[BloodPressure, ...] = Field(min_length=1, max_length=1)
    compare: Compare
    warning: Warn
    override_reasons: tuple[OverrideReason, ...]

    @property
    def blood_pressure(self) -> BloodPressure:
        """The one fact that is looked up."""
        return self.facts[0]


NAMES: Mapping[str, frozenset[str]] = {
    "compare.phq9": frozenset({"points", "day"}),
    "compare.release": frozenset({"edition", "release"}),
    "warning.stops": frozenset({"fact", "value", "option"}),
    "warning.missing": frozenset({"fact", "option"}),
    "warning.why_missing": frozenset({"days"}),
    "warning.rule": frozenset({"because", "rule", "sources"}),
}
"""What is filled in, by the place of the words; nothing anywhere else."""


@cache
def hook_words(edition_id: str = CURRENT_EDITION) -> HookWords:
    """The words of an edition. Raises HookWordsRefused."""
    try:
        words = HookWords.model_validate(read_yaml(folder_of(edition_id) / FILE))
    except (YamlRefused, ValidationError, OSError) as error:
        raise HookWordsRefused(f"{FILE}: {error}") from error
    problems = problems_of(words, load_edition(edition_id))
    if problems:
        raise HookWordsRefused(f"{FILE}: {'; '.join(problems)}")
    return words


def problems_of(words: HookWords, edition: Edition) -> list[str]:
    """What does not fit the edition, or the form of a card."""
    problems = []
    if words.edition != edition.id:
        problems.append(f"write edition {edition.id}")
    if set(words.orders) != set(HALVES):
        problems.append("say by what orders of ketamine and of repeat_tms are known")
    known = {one.id for one in edition.questionnaire.questions}
    asked = set(words.blood_pressure.questions.values())
    problems += [f"{one} is no question" for one in sorted(asked - known)]
    odd = [f"{name}: {wrong}" for name, wrong in _odd_names(words)]
    long = [] if odd else [f"{text!r} is too long for a card" for text in _too_long(words)]
    return [*problems, *odd, *long]


def _odd_names(words: HookWords) -> list[tuple[str, str]]:
    found = []
    for part in ("compare", "warning"):
        for field, text in getattr(words, part).model_dump().items():
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            expected = NAMES.get(f"{part}.{field}", frozenset())
            if named != expected:
                found.append((f"{part}.{field}", f"fill in {sorted(expected) or 'nothing'}"))
    return found


def _too_long(words: HookWords) -> list[str]:
    fact = words.blood_pressure.name
    options = [one.name for one in words.orders.values()]
    both = " and ".join(options)
    filled = {"fact": fact, "option": both, "value": LONGEST_VALUE}
    texts = [words.compare.relapse, words.compare.order]
    texts += [words.warning.stops, words.warning.missing]
    return [one for one in texts if len(one.format_map(filled)) > LONGEST_SUMMARY]
