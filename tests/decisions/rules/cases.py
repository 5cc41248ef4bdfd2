"""The vignettes and the ways to build answers that the tests of the domain share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.yaml_files import read_yaml

VIGNETTES = Path(__file__).parents[2] / "vignettes"
"""One folder an edition: patients besides those that stand beside its rules."""
EARLIER_EDITION = "2026.1"
EVERY_EDITION = (EARLIER_EDITION, CURRENT_EDITION)


@cache
def read_vignettes(edition_id: str = CURRENT_EDITION) -> tuple[dict[str, Any], ...]:
    """All vignettes of an edition, in order."""
    return tuple(read_yaml(EDITIONS / edition_id / "vignettes.yaml"))


@cache
def read_of_edition(edition_id: str, name: str) -> Any:
    """What a file in VIGNETTES holds for an edition."""
    return read_yaml(VIGNETTES / edition_id / name)


def vignette(vignette_id: str, edition_id: str = CURRENT_EDITION) -> dict[str, Any]:
    """The plain answers of one vignette."""
    found = (one for one in read_vignettes(edition_id) if one["id"] == vignette_id)
    return dict(next(found)["answers"])


def answers_of(raw: dict[str, Any], edition_id: str = CURRENT_EDITION) -> Answers:
    """Answers to the questionnaire of an edition."""
    return Answers.read(load_edition(edition_id).questionnaire, raw)


def base_with(*, edition_id: str = CURRENT_EDITION, **changes: Any) -> dict[str, Any]:
    """The vignette responder-relapsed with some answers changed."""
    return {**vignette("responder-relapsed", edition_id), **changes}


def decide_raw(
    raw: dict[str, Any],
    evidence: EvidenceBase | None = None,
    edition_id: str = CURRENT_EDITION,
) -> Outcome:
    """The outcome of plain answers."""
    answers = answers_of(raw, edition_id)
    return decide(load_edition(edition_id), answers, evidence or load_dossier())


def true_rules(outcome: Outcome) -> dict[str, set[str]]:
    """All rules that are true in an outcome, silent ones included, and of which options each is."""
    found = [*outcome.urgent, *outcome.notes]
    for one in outcome.options.values():
        groups = (one.stops, one.reviews, one.bars, one.favour, one.against, one.silent, one.notes)
        found += [finding for group in groups for finding in group]
    return {finding.rule: {option.value for option in finding.options} for finding in found}
