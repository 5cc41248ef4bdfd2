"""The app of launches from electronic health records."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class SmartConfig(AppConfig):
    """EHRs that a clinic trusts to launch this product, and who and whom they mean there."""

    name = "decisions.smart"
    label = "smart"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let forms be filled in from what other systems say, and hooks link to a launch."""
        from decisions.fhir.received.contexts import reads_context
        from decisions.smart.queries import launches_from
        from kapnet.core.clients.launching import launches

        reads_context(later("decisions.fhir.populating.populate_from"))
        launches(launches_from)
