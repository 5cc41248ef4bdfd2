"""The app of what other systems say of a patient."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class ReceivedConfig(AppConfig):
    """What came in, and what a clinician makes of it."""

    name = "decisions.fhir.received"
    label = "received"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is told, and what a case is asked for."""
        from decisions.cases.told import tells_open_ends, tells_statements
        from decisions.fhir.received import telling  # noqa: F401, for what it registers
        from decisions.fhir.received.models import HAS_PROPOSED

        tells_statements(
            later("decisions.fhir.received.doubting.statements_that_do_not_fit"),
            of=HAS_PROPOSED,
            where=later("decisions.fhir.received.doubting.has_proposed"),
        )
        tells_open_ends(later("decisions.fhir.received.proposing.said_elsewhere"))
