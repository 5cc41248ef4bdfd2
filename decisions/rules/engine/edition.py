"""An edition: questionnaire, rules and instruments that were released together."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from operator import not_
from typing import Self

from pydantic import Field, model_validator

from decisions.rules.engine.rules import Rule
from decisions.rules.engine.short_path_plan import ShortPathPlan
from decisions.rules.logic.conditions import (
    AtLeast,
    Below,
    Condition,
    In,
    Includes,
    Is,
    Leaf,
    Unanswered,
    ids_in,
    leaves_in,
)
from decisions.rules.logic.values import Frozen, Text, sha256_of
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, QuestionType
from evidence.domain.entries import EvidenceBase


class Fault(StrEnum):
    """What can be wrong with an edition; the values are the ids of the start-up checks."""

    UNREADABLE = "decisions.E001"
    UNKNOWN_QUESTION = "decisions.E002"
    IMPOSSIBLE_VALUE = "decisions.E003"
    CIRCULAR = "decisions.E004"
    UNKNOWN_EVIDENCE = "decisions.E005"
    DUPLICATE_RULE = "decisions.E006"
    OPEN_READ_AS_NO = "decisions.E007"
    SHORT_PATH = "decisions.E008"


class EditionProblem(Frozen):
    """One thing wrong with an edition: where it is, what it is, and how to fix it."""

    fault: Fault
    file: str
    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: {self.what}. {self.fix}."


class Edition(Frozen):
    """Questionnaire, rules and instruments, released together and never changed after.

    open_is_never_no: what OPEN in the header of rules.yaml says. Edition 2026.1 came before it,
    and its digest knows nothing of it: so a False is left out of the dump. short_path: how its
    questions are asked in short, which decides nothing and is no part of the digest.
    """

    id: Text
    questionnaire: Questionnaire
    rules: tuple[Rule, ...]
    instruments: tuple[Instrument, ...]
    open_is_never_no: bool = Field(default=False, exclude_if=not_)
    short_path: ShortPathPlan = Field(default=ShortPathPlan(), exclude=True)

    @model_validator(mode="after")
    def _is_one_edition(self) -> Self:
        if self.questionnaire.edition != self.id:
            raise ValueError(f"the questionnaire is of edition {self.questionnaire.edition}")
        return self

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the sorted-key, compact JSON of the loaded models."""
        return sha256_of(self.model_dump(mode="json"))

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edition) and self.sha256 == other.sha256

    @cached_property
    def _rules_by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def rule(self, rule_id: str) -> Rule:
        """The rule of this id. Raises KeyError when there is none."""
        return self._rules_by_id[rule_id]

    def questions_of(self, condition: Condition) -> tuple[str, ...]:
        """The questions that a condition speaks of, derived values by their question, in order."""
        owners = {self.questionnaire.owner_of(name).id for name in ids_in(condition)}
        return self.questionnaire.in_order(owners)

    @cached_property
    def _rules_by_question(self) -> dict[str, tuple[Rule, ...]]:
        using: dict[str, list[Rule]] = {one.id: [] for one in self.questionnaire.questions}
        for rule in self.rules:
            for question in self.questions_of(rule.when):
                using[question].append(rule)
        return {question: tuple(rules) for question, rules in using.items()}

    def rules_using(self, question_id: str) -> tuple[Rule, ...]:
        """The rules whose condition uses the answer to a question, in the order of the rules."""
        return self._rules_by_question[question_id]


def problems_of(
    questionnaire: Questionnaire, rules: tuple[Rule, ...], evidence: EvidenceBase
) -> tuple[EditionProblem, ...]:
    """What a single model cannot see: ids, values, circles and citations across files."""
    found = [*_problems_of_questions(questionnaire)]
    for place, rule in enumerate(rules):
        if any(rule.id == earlier.id for earlier in rules[:place]):
            found.append(_duplicate(rule))
        found += _problems_of_condition(questionnaire, rule.when, "rules.yaml", f"rule {rule.id}")
        found += _problems_of_citations(rule, evidence)
    return tuple(found)


def _duplicate(rule: Rule) -> EditionProblem:
    return EditionProblem(
        fault=Fault.DUPLICATE_RULE,
        file="rules.yaml",
        where=f"rule {rule.id}",
        what="this id occurs twice",
        fix="Rename one of the two",
    )


def _problems_of_questions(questionnaire: Questionnaire) -> Iterator[EditionProblem]:
    found = []
    for question in questionnaire.questions:
        if question.ask_when is not None:
            where = f"ask_when of {question.id}"
            found += _problems_of_condition(
                questionnaire, question.ask_when, "questionnaire.yaml", where
            )
    yield from found
    if any(problem.fault is Fault.UNKNOWN_QUESTION for problem in found):
        return
    try:
        _ = questionnaire.evaluation_order
    except ValueError as error:
        yield EditionProblem(
            fault=Fault.CIRCULAR,
            file="questionnaire.yaml",
            where="ask_when",
            what=str(error),
            fix="A question can depend only on questions that do not depend on it",
        )


def _problems_of_condition(
    questionnaire: Questionnaire, condition: Condition, file: str, where: str
) -> list[EditionProblem]:
    found = []
    for leaf in leaves_in(condition):
        known = questionnaire.has_question(leaf.question) or leaf.question in questionnaire.derived
        if not known:
            found.append(
                EditionProblem(
                    fault=Fault.UNKNOWN_QUESTION,
                    file=file,
                    where=where,
                    what=f"there is no question {leaf.question}",
                    fix="Use the id of a question or of a value it derives",
                )
            )
        elif complaint := _complaint(questionnaire, leaf):
            found.append(
                EditionProblem(
                    fault=Fault.IMPOSSIBLE_VALUE,
                    file=file,
                    where=where,
                    what=f"'{leaf.op}' on {leaf.question}: {complaint[0]}",
                    fix=complaint[1],
                )
            )
    return found


def _complaint(questionnaire: Questionnaire, leaf: Leaf) -> tuple[str, str] | None:
    """What is wrong with an atom and how to fix it; None when nothing is."""
    if leaf.question in questionnaire.derived:
        low, high = questionnaire.derived[leaf.question][1].range
        return _complaint_of_number(leaf, low, high)
    question = questionnaire.question(leaf.question)
    if question.min is not None and question.max is not None:
        return _complaint_of_number(leaf, question.min, question.max)
    if isinstance(leaf, Unanswered):
        return None
    return _complaint_of_values(question, leaf)


def _complaint_of_number(leaf: Leaf, low: int, high: int) -> tuple[str, str] | None:
    match leaf:
        case Unanswered():
            return None
        case AtLeast() | Below():
            number = leaf.number
        case Is() if isinstance(leaf.value, int):
            number = leaf.value
        case _:
            return "it is a number", "Use at_least, below, or is with a number"
    if low <= number <= high:
        return None
    return f"{number} is outside {low} to {high}", "Use a number in the question's range"


def _complaint_of_values(question: Question, leaf: Leaf) -> tuple[str, str] | None:
    if question.instrument is not None:
        return "it is an instrument", "Use a value that it derives"
    several = question.type is QuestionType.CHOICES
    match leaf:
        case Is() if several and isinstance(leaf.value, frozenset):
            values = leaf.value
        case Is() if not several and isinstance(leaf.value, str):
            values = frozenset({leaf.value})
        case In() if not several:
            values = leaf.values
        case Includes() if several:
            values = frozenset({leaf.value})
        case _:
            wanted = "includes, or is with a list" if several else "is, or in with a list"
            return f"it is a {question.type} question", f"Use {wanted}"
    if strange := sorted(values - question.values):
        return f"it has no option {', '.join(strange)}", "Use one of its options; quote yes and no"
    return None


def _problems_of_citations(rule: Rule, evidence: EvidenceBase) -> Iterator[EditionProblem]:
    strange = [key for key in (*rule.evidence, *rule.counter) if not evidence.has_source(key)]
    strange += [name for name in rule.positions if not evidence.has_position(name)]
    for key in strange:
        yield EditionProblem(
            fault=Fault.UNKNOWN_EVIDENCE,
            file="rules.yaml",
            where=f"rule {rule.id}",
            what=f"it cites {key}, which the evidence does not have",
            fix="Fix the key, or add the source or position to the dossier",
        )
