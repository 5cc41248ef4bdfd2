"""Mutants of an edition: each is the edition, the evidence or the engine with one fault in it.

Faults are planted at every place that a kind of fault fits. A mutant that computes what the
original does (a weight that the evidence caps anyway) is none and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from random import Random

from pydantic import ValidationError

from decisions.rules.engine.certainty_limits import best_support, weigh
from decisions.rules.engine.edition import Edition, problems_of
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.engine.verdicts import PROVEN_SUPPORT
from decisions.rules.logic.conditions import Condition
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire
from evidence.domain.entries import EvidenceBase
from tests.decisions.rules.proof import mutants_of_conditions as of_conditions
from tests.decisions.rules.proof import mutants_of_rules as of_rules
from tests.decisions.rules.proof.mutants_of_engine import ENGINE_FAULTS
from tests.decisions.rules.proof.mutants_of_evidence import EVIDENCE_FAULTS

SEED = 20261
A_KIND = 6
"""How many mutants of each kind are drawn; all of them where there are fewer."""


@dataclass(frozen=True)
class Mutant:
    """One planted fault. engine: patches the engine for as long as it is entered."""

    kind: str
    what: str
    edition: Edition
    evidence: EvidenceBase
    engine: Callable[[], AbstractContextManager[object]] = field(default=nullcontext)

    @property
    def name(self) -> str:
        """What kind of fault it is, and where."""
        return f"{self.kind}: {self.what}"


def drawn(edition: Edition, evidence: EvidenceBase) -> list[Mutant]:
    """A seeded sample: A_KIND mutants of each kind, always the same ones."""
    rng = Random(SEED)
    kinds: dict[str, list[Mutant]] = {}
    for mutant in every_mutant(edition, evidence):
        kinds.setdefault(mutant.kind, []).append(mutant)
    return [one for all_ in kinds.values() for one in rng.sample(all_, min(A_KIND, len(all_)))]


def every_mutant(edition: Edition, evidence: EvidenceBase) -> Iterator[Mutant]:
    """All mutants, kind by kind, in the order of rules and questions."""
    for mutant in _planted(edition, evidence):
        if mutant.engine is not nullcontext or _differs(mutant, edition, evidence):
            yield mutant


def _planted(edition: Edition, evidence: EvidenceBase) -> Iterator[Mutant]:
    for rule in edition.rules:
        fewer = tuple(one for one in edition.rules if one is not rule)
        yield Mutant("drop a rule", rule.id, with_rules(edition, fewer), evidence)
    for kind, change in RULE_FAULTS.items():
        yield from _rules_changed(kind, change, edition, evidence)
    for kind, rewrite in condition_faults(edition.questionnaire).items():
        yield from _rules_changed(kind, partial(_rewritten, rewrite), edition, evidence)
        yield from _questions_changed(kind, rewrite, edition, evidence)
    for kind, fault in EVIDENCE_FAULTS.items():
        for what, other in fault(evidence):
            yield Mutant(kind, what, edition, other)
    for what, patch in ENGINE_FAULTS.items():
        yield Mutant("forget an inheritance", what, edition, evidence, patch)


RULE_FAULTS: Mapping[str, Callable[[Rule], Iterator[Rule]]] = {
    "swap the option": of_rules.swap_option,
    "forget an option": of_rules.forget_option,
    "weaken the effect": of_rules.weaken,
    "turn for and against": of_rules.turn,
    "drop a bar": of_rules.drop_bar,
    "add a bar": of_rules.add_bar,
    "change the strength": of_rules.change_strength,
    "claim to be practical": of_rules.claim_practical,
    "forget to be practical": of_rules.forget_practical,
    "drop evidence": of_rules.drop_evidence,
    "read an open answer as no": of_rules.read_open_as_no,
}


def condition_faults(questionnaire: Questionnaire) -> Mapping[str, of_conditions.Rewrite]:
    """Kind -> how one node of a condition is changed."""
    return {
        "flip a comparison": of_conditions.flip_comparison,
        "move a threshold": of_conditions.move_threshold,
        "swap any and all": of_conditions.swap_any_and_all,
        "drop a part": of_conditions.drop_part,
        "drop an unanswered guard": of_conditions.drop_guard,
        "drop a not": of_conditions.drop_not,
        "drop a value": of_conditions.drop_value,
        "swap a value": of_conditions.swap_value(questionnaire),
    }


def _rewritten(rewrite: of_conditions.Rewrite, rule: Rule) -> Iterator[Rule]:
    for when in of_conditions.variants(rule.when, rewrite):
        yield of_rules.changed(rule, when=when)


def _rules_changed(
    kind: str, change: Callable[[Rule], Iterator[Rule]], edition: Edition, evidence: EvidenceBase
) -> Iterator[Mutant]:
    for place, rule in enumerate(edition.rules):
        for number, other in enumerate(_sound(change(rule)), start=1):
            rules = (*edition.rules[:place], other, *edition.rules[place + 1 :])
            if not problems_of(edition.questionnaire, (other,), evidence):
                yield Mutant(kind, f"{rule.id} ({number})", with_rules(edition, rules), evidence)


def _sound(rules: Iterator[Rule]) -> Iterator[Rule]:
    """Those that can be built: a rule that refuses to be built never gets into an edition."""
    while True:
        try:
            yield next(rules)
        except StopIteration:
            return
        except ValidationError:
            continue


def _questions_changed(
    kind: str, rewrite: of_conditions.Rewrite, edition: Edition, evidence: EvidenceBase
) -> Iterator[Mutant]:
    for question in edition.questionnaire.questions:
        if question.ask_when is None:
            continue
        for number, when in enumerate(of_conditions.variants(question.ask_when, rewrite), start=1):
            questionnaire = _with_ask_when(edition.questionnaire, question, when)
            if not problems_of(questionnaire, (), evidence):
                other = _with(edition, questionnaire=questionnaire)
                yield Mutant(kind, f"ask_when of {question.id} ({number})", other, evidence)


def _with_ask_when(
    questionnaire: Questionnaire, question: Question, when: Condition
) -> Questionnaire:
    other = question.model_copy(update={"ask_when": when})
    sections = tuple(
        section.model_copy(
            update={"questions": tuple(other if q is question else q for q in section.questions)}
        )
        for section in questionnaire.sections
    )
    return Questionnaire(edition=questionnaire.edition, sections=sections)


def with_rules(edition: Edition, rules: tuple[Rule, ...]) -> Edition:
    """The edition with other rules."""
    return _with(edition, rules=rules)


def _with(edition: Edition, **changes: object) -> Edition:
    fields = {name: getattr(edition, name) for name in type(edition).model_fields}
    return Edition(**fields | changes)


def _differs(mutant: Mutant, edition: Edition, evidence: EvidenceBase) -> bool:
    """Whether anything that verdicts are made of differs from the original."""
    if mutant.edition.questionnaire is not edition.questionnaire:
        return True
    return _made_of(mutant.edition, mutant.evidence) != _made_of(edition, evidence)


def _made_of(edition: Edition, evidence: EvidenceBase) -> list[object]:
    """Conditions, effects, options, and weights: under this evidence and with none left."""
    return [
        (
            (rule.id, rule.effect, rule.when, rule.options, rule.bars),
            (weigh(rule, evidence), rule.is_practical, _can_prove(rule, evidence)),
        )
        for rule in edition.rules
    ]


def _can_prove(rule: Rule, evidence: EvidenceBase) -> bool:
    """Whether a reason can make `both` favored: the one place where support counts by itself."""
    for_both = rule.effect is Effect.FAVOUR and OptionId.BOTH in rule.options
    return for_both and not rule.is_practical and best_support(rule, evidence) >= PROVEN_SUPPORT
