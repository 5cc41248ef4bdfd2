"""What decide() and the second engine say of a complete case, in one shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import zen

from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Citation, Finding, OptionOutcome
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase
from tests.oracles.second_engine.graph import graph_of

Said = dict[str, Any]
GRAPH = "graph"


class SecondEngine:
    """The decision graph of an edition under this evidence, loaded into GoRules' ZEN engine.

    Loaded in the way that runs fastest: once, with its expressions compiled.
    """

    def __init__(self, edition: Edition, evidence: EvidenceBase) -> None:
        graph = json.loads(graph_of(edition, evidence))
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {GRAPH: graph}}})

    def says(self, answers: Mapping[str, Any]) -> Said:
        """What the graph says of plain answers."""
        return dict(self._engine.evaluate(GRAPH, dict(answers))["result"])

    def says_with_trace(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same, with all that went in and out of every node and the rules that hit."""
        return self._engine.evaluate(GRAPH, dict(answers), {"trace": True})


def decide_says(edition: Edition, answers: Mapping[str, Any], evidence: EvidenceBase) -> Said:
    """What decide() says of plain answers."""
    outcome = decide(edition, Answers.read(edition.questionnaire, answers), evidence)
    return {
        "leading": list(outcome.leading),
        "close": list(outcome.close),
        "by_preference": outcome.by_preference,
        "urgent": _listed(outcome.urgent),
        "notes": _listed(outcome.notes),
        "options": {str(option): _said_of(one) for option, one in outcome.options.items()},
    }


def _said_of(one: OptionOutcome) -> Said:
    return {
        "barred": one.barred,
        "verdict": str(one.verdict),
        "stops": _listed(one.stops),
        "reviews": _listed(one.reviews),
        "bars": _listed(one.bars),
        "for": _listed(one.favour),
        "against": _listed(one.against),
        "silent": _listed(one.silent),
        "notes": _listed(one.notes),
    }


def _listed(findings: tuple[Finding, ...]) -> list[Said]:
    return [_reason(finding) for finding in findings]


@cache
def _reason(finding: Finding) -> Said:
    return {
        "rule": finding.rule,
        "because": finding.because,
        "evidence": [_source(one) for one in finding.evidence],
        "positions": [
            {"id": one.id, "grade": one.grade, "withdrawn": one.withdrawn}
            for one in finding.positions
        ],
        "counter": [_source(one) for one in finding.counter],
    }


def _source(one: Citation) -> Said:
    return {
        "key": one.key,
        "certainty": one.certainty,
        "verified": one.verified,
        "retracted": one.retracted,
    }
