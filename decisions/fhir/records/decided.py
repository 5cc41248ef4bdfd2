"""A recorded decision as a GuidanceResponse: what the rules said, and what was chosen. No order."""

from __future__ import annotations

import json
from typing import Any

from decisions.cases.json_lines import write_outcome
from decisions.cases.models import Decision
from decisions.fhir.names import OURS, Resource
from decisions.fhir.parts import concept, instant, notes, reference, resource
from decisions.fhir.responses.deciding import decided
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.sensitivity.settled import Robustness

CONTAINED = "outcome"
NOT_KEPT = Robustness(settled=False, settled_on=(), depends_on=())


def guidance(
    decision: Decision,
    outcome: Outcome,
    *,
    robustness: Robustness | None = None,
    reasoning: str = "",
) -> Resource:
    """outcome, robustness: as recorded, or without what may not leave; None where none is known.

    reasoning: empty where it may not be seen.
    """
    return resource(
        "GuidanceResponse",
        decision.pk,
        updated=decision.recorded_at,
        contained=[decided(_result(outcome, robustness)) | {"id": CONTAINED}],
        moduleUri=f"{OURS}/PlanDefinition/edition-{outcome.edition}",
        status="success",
        subject=reference("Patient", decision.case_id),
        occurrenceDateTime=instant(decision.recorded_at),
        reasonCode=[concept(decision.get_chosen_display())],
        note=notes(reasoning),
        outputParameters={"reference": f"#{CONTAINED}"},
    )


def _result(outcome: Outcome, robustness: Robustness | None) -> dict[str, Any]:
    """As `manage.py decide` says it."""
    said: dict[str, Any] = json.loads(write_outcome(None, outcome, robustness or NOT_KEPT))
    left_out = {"id"} if robustness else {"id", *Robustness.model_fields}
    return {name: one for name, one in said.items() if name not in left_out}
