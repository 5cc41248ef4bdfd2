"""The app of the rules as FHIR."""

from __future__ import annotations

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    """The evidence has the addresses and does not know what rests on it: so this registers."""

    name = "decisions.fhir.editions"
    label = "fhir_editions"

    def ready(self) -> None:
        """Serve the editions beside the evidence."""
        from decisions.fhir.editions import plan_definitions  # noqa: F401, it registers
