"""The rules of one case, sorted: for each option, which count as what."""

from __future__ import annotations

from collections.abc import Iterable

from decisions.rules.engine.matching import Hit
from decisions.rules.engine.outcomes import Finding
from decisions.rules.engine.rules import OPTIONS, Effect, OptionId
from decisions.rules.engine.weighed_rules import Kind, Prepared
from decisions.rules.logic.truth import Truth

KINDS = len(Kind)


class Entries:
    """For each option the rules that count as each kind, in the order of the rules."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        found: list[list[Prepared]] = [[] for _ in range(KINDS * len(OPTIONS))]
        of_case = []
        for _, one, truth in hits:
            if truth is Truth.TRUE and not one.rule.options:
                of_case.append(one.finding)
            for place in one.places(truth):
                found[place].append(one)
        self._found = found
        self._of_case = of_case

    def of_case(self, effect: Effect) -> tuple[Finding, ...]:
        """The true rules of this effect that speak of no option."""
        return tuple(finding for finding in self._of_case if finding.effect is effect)

    def of(self, option: OptionId) -> list[list[Prepared]]:
        """The rules of an option; the numbers of the lists are those of Kind."""
        start = OPTIONS.index(option) * KINDS
        return self._found[start : start + KINDS]
