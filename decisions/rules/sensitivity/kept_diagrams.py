"""The diagram of all answer sets of an edition: kept beside it, or made once in the process.

What is kept was made from the edition and from what its rules come to under the project's own
dossier. Evidence that gives every rule the same weight leads to the same diagram; under any other
evidence it is made when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.values import Frozen, sha256_of
from decisions.rules.sensitivity.leading_rules import LeadingRules, Weighing, rules_for_leading
from decisions.rules.sensitivity.leading_state import leading_under
from decisions.rules.sensitivity.whole_diagram import WholeDiagram, whole
from evidence.domain.entries import EvidenceBase

EDITIONS = Path(__file__).parents[1] / "editions"
FILE = "leading.json"


class KeptDiagram(Frozen):
    """A diagram, and the hash of all that it was made from."""

    made_from: str
    diagram: WholeDiagram


@lru_cache(maxsize=8)
def diagram_of(edition: Edition, rules: tuple[Weighing, ...]) -> WholeDiagram:
    """Who leads in every answer set of an edition whose rules come to this."""
    kept = _read(EDITIONS / edition.id / FILE)
    if kept is not None and kept.made_from == made_from(edition, rules):
        return kept.diagram
    return make_diagram(edition, rules)


def make_diagram(edition: Edition, rules: Iterable[Weighing]) -> WholeDiagram:
    """The same, by walking through every answer set."""
    walked = LeadingRules(edition.questionnaire, rules)
    return whole(walked.diagram(leading_under), walked.order)


def made_from(edition: Edition, rules: Iterable[Weighing]) -> str:
    """The hash of an edition and of what its rules come to."""
    return sha256_of([edition.sha256, [[*one.bearing, one.not_false] for one in rules]])


def keep_diagram(edition: Edition, evidence: EvidenceBase, folder: Path) -> None:
    """Keep the diagram under this evidence in the folder of its edition. Raises OSError."""
    rules = tuple(rules_for_leading(edition, evidence))
    kept = KeptDiagram(made_from=made_from(edition, rules), diagram=make_diagram(edition, rules))
    (folder / FILE).write_text(kept.model_dump_json() + "\n")


def _read(path: Path) -> KeptDiagram | None:
    """The kept diagram; None where there is none, or one of another shape."""
    try:
        return KeptDiagram.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
