"""The rules of an edition under one body of evidence: all that does not depend on the case."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from decisions.domain.edition import Edition
from decisions.domain.outcomes import Finding
from decisions.domain.rules import HALVES, Effect, OptionId, Rule
from decisions.domain.support import find
from evidence.domain import EvidenceBase


class Prepared(NamedTuple):
    """A rule with the finding that it gives wherever it is true."""

    rule: Rule
    finding: Finding
    of: frozenset[OptionId]
    """The options that the rule concerns: `both` too where it carries the rule of a half."""


@lru_cache(maxsize=8)
def prepare(edition: Edition, evidence: EvidenceBase) -> tuple[Prepared, ...]:
    """Every rule of an edition, weighed under this evidence, in the order of the rules."""
    return tuple(
        Prepared(rule, find(edition, rule, evidence), concerned(rule)) for rule in edition.rules
    )


def concerned(rule: Rule) -> frozenset[OptionId]:
    """The options whose outcome a rule enters: `both` carries what forbids or holds back a half."""
    carried = rule.bars or rule.effect in {Effect.STOP, Effect.REVIEW, Effect.NOTE}
    own = frozenset(rule.options)
    return own | {OptionId.BOTH} if carried and own & set(HALVES) else own
