"""The vignettes and the ways to build answers that the tests of the domain share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions.domain.answers import Answers
from decisions.domain.engine import decide
from decisions.domain.outcomes import Outcome
from decisions.loading import CURRENT_EDITION, EDITIONS, load_edition
from evidence.domain import EvidenceBase
from evidence.loading import load_dossier

VIGNETTES = Path(__file__).parents[2] / "vignettes"


@cache
def read_vignettes() -> tuple[dict[str, Any], ...]:
    """All vignettes, in order."""
    return tuple(yaml.safe_load((EDITIONS / CURRENT_EDITION / "vignettes.yaml").read_text()))


def vignette(vignette_id: str) -> dict[str, Any]:
    """The plain answers of one vignette."""
    return next(one["answers"] for one in read_vignettes() if one["id"] == vignette_id)


def answers_of(raw: dict[str, Any]) -> Answers:
    """Answers to the current edition."""
    return Answers.read(load_edition().questionnaire, raw)


def base_with(**changes: Any) -> dict[str, Any]:
    """The vignette responder-relapsed with some answers changed."""
    return {**vignette("responder-relapsed"), **changes}


def decide_raw(raw: dict[str, Any], evidence: EvidenceBase | None = None) -> Outcome:
    """The outcome of plain answers under the current edition."""
    return decide(load_edition(), answers_of(raw), evidence or load_dossier())


def true_rules(outcome: Outcome) -> set[str]:
    """The ids of all rules that are true in an outcome, silent ones included."""
    found = {finding.rule for finding in (*outcome.urgent, *outcome.notes)}
    for one in outcome.options.values():
        groups = (one.stops, one.reviews, one.bars, one.favour, one.against, one.silent, one.notes)
        found |= {finding.rule for group in groups for finding in group}
    return found
