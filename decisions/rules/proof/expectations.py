"""What an edition is expected to keep to, stated apart from its rules.

`expectations.yaml` beside an edition's rules names hazards and their order, emergencies, what
must hold an option back, when both at once may lead, and which verdicts are ruled out. A rule
that is dropped or weakened does not take its expectation with it: that is how it is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from decisions.rules.engine.edition import Edition, problems_of
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.conditions import (
    Condition,
    ConditionError,
    Leaf,
    leaves_in,
    parse_condition,
)
from decisions.rules.logic.values import Frozen, Id, Text, sha256_of
from decisions.rules.questionnaire.questionnaire import Questionnaire, QuestionType
from evidence.domain.entries import EvidenceBase
from evidence.strict_yaml import YamlRefused, read_yaml

FILE = "expectations.yaml"

Options = Annotated[tuple[OptionId, ...], Field(min_length=1)]


class ExpectationsRefused(ValueError):
    """An expectations file that cannot be used; the message says where and what to fix."""


class Hazard(Frozen):
    """A question whose answers are ordered by hazard, all else equal. Exactly one way:

    worse: answers of a choice, from the least to the most hazardous. worse_with: choices each
    of which adds a hazard. higher_is_worse: a number.
    """

    question: Id
    worse: tuple[str, ...] = ()
    worse_with: tuple[str, ...] = ()
    higher_is_worse: bool = False

    @model_validator(mode="after")
    def _is_ordered_in_one_way(self) -> Self:
        if [bool(self.worse), bool(self.worse_with), self.higher_is_worse].count(True) != 1:
            raise ValueError("give one of worse, worse_with and higher_is_worse")
        for values in (self.worse, self.worse_with):
            if len(set(values)) != len(values):
                raise ValueError("names a value twice: keep one")
        if len(self.worse) == 1:
            raise ValueError("worse takes at least two values, the less hazardous first")
        return self


class Emergency(Frozen):
    """Answers that must always raise an act-first rule."""

    when: Condition
    raises: Id


class Holds(Frozen):
    """Answers that must hold options back: their verdict is `at_most` or one before it."""

    when: Condition
    options: Options
    at_most: Verdict

    @model_validator(mode="after")
    def _holds_back(self) -> Self:
        if self.at_most not in {Verdict.NOT_SUITABLE, Verdict.SPECIALIST_REVIEW}:
            raise ValueError("at_most is not_suitable or specialist_review")
        return self


class RuledOut(Frozen):
    """A verdict that an option is not expected to reach, and why."""

    option: OptionId
    verdict: Verdict
    why: Text


class Expectations(Frozen):
    """All that is expected of an edition. both_leads_when: true whenever both at once leads."""

    edition: Text
    hazards: tuple[Hazard, ...]
    emergencies: tuple[Emergency, ...]
    holds: tuple[Holds, ...]
    both_leads_when: tuple[Condition, ...]
    ruled_out: tuple[RuledOut, ...]

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the sorted-key, compact JSON of the loaded model."""
        return sha256_of(self.model_dump(mode="json"))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that an expectation speaks of."""
        emergencies = tuple(one.when for one in self.emergencies)
        return (*emergencies, *(one.when for one in self.holds), *self.both_leads_when)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every atom of those conditions: they tell answers apart just as the rules' atoms do."""
        return tuple(leaf for one in self.conditions for leaf in leaves_in(one))


def load_expectations(folder: Path, edition: Edition, evidence: EvidenceBase) -> Expectations:
    """The expectations in an edition's folder. Raises ExpectationsRefused."""
    try:
        raw = read_yaml(folder / FILE)
        if not isinstance(raw, dict):
            raise ExpectationsRefused(f"{FILE} must be a mapping")
        expected = Expectations.model_validate(_parsed(raw))
    except (YamlRefused, ConditionError) as error:
        raise ExpectationsRefused(f"{FILE}: {error}") from error
    except ValidationError as error:
        raise ExpectationsRefused(f"{FILE}: {_first_message(error)}") from error
    if problems := [*_problems(expected, edition, evidence)]:
        raise ExpectationsRefused("\n".join(f"{FILE}: {one}" for one in problems))
    return expected


def _parsed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The plain data with its conditions read; anything odd is left for the model to refuse."""
    parsed = dict(raw)
    for key in ("emergencies", "holds"):
        if isinstance(raw.get(key), list):
            parsed[key] = [_with_condition(key, one) for one in raw[key]]
    if isinstance(raw.get("both_leads_when"), list):
        parsed["both_leads_when"] = [parse_condition(one) for one in raw["both_leads_when"]]
    return parsed


def _with_condition(key: str, entry: object) -> object:
    if not isinstance(entry, dict) or "when" not in entry:
        raise ExpectationsRefused(f"{FILE}: an entry of {key} is a mapping with `when`")
    return {**entry, "when": parse_condition(entry["when"])}


def _first_message(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"


def _problems(expected: Expectations, edition: Edition, evidence: EvidenceBase) -> Iterator[str]:
    """Ids and values that the edition does not have."""
    if expected.edition != edition.id:
        yield f"it is of edition {expected.edition}, not {edition.id}"
    for hazard in expected.hazards:
        yield from _problems_of_hazard(hazard, edition.questionnaire)
    urgent = {rule.id for rule in edition.rules if rule.effect is Effect.URGENT}
    for one in expected.emergencies:
        if one.raises not in urgent:
            yield f"emergencies: {one.raises} is no act-first rule of the edition"
    stated = tuple(
        Rule(id=f"expectation-{n}", effect=Effect.NOTE, when=when, because="expected")
        for n, when in enumerate(expected.conditions, start=1)
    )
    yield from (str(one) for one in problems_of(edition.questionnaire, stated, evidence))


def _problems_of_hazard(hazard: Hazard, questionnaire: Questionnaire) -> Iterator[str]:
    name = hazard.question
    if not questionnaire.has_question(name):
        yield f"hazards: there is no question {name}"
        return
    question = questionnaire.question(name)
    named = {*hazard.worse, *hazard.worse_with}
    if strange := sorted(named - question.values):
        yield f"hazards: {name} has no option {', '.join(strange)}; quote yes and no"
    if hazard.higher_is_worse != (question.type is QuestionType.INTEGER):
        yield f"hazards: higher_is_worse belongs to a number; {name} is {question.type}"
    if bool(hazard.worse_with) != (question.type is QuestionType.CHOICES):
        yield f"hazards: worse_with belongs to a choices question; {name} is {question.type}"
