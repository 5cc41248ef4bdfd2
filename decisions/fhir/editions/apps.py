"""The app of the rules as FHIR."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class EditionsConfig(AppConfig):
    """The evidence has the addresses and does not know what rests on it: so this registers."""

    name = "decisions.fhir.editions"
    label = "fhir_editions"

    def ready(self) -> None:
        """Serve the editions beside the evidence."""
        from evidence.fhir.beside import ALSO_SERVED

        ALSO_SERVED.register(later("decisions.fhir.editions.plan_definitions.served_editions"))
