"""The app of other programs that call this one."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class ClientsConfig(AppConfig):
    """Their keys, what they may do, and the tokens that they get for it."""

    name = "kapnet.core.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell people of the clinic about programs that read everything; remove what has ended."""
        from kapnet.core.background.pruning import prunes
        from kapnet.core.clients import telling

        assert telling
        prunes(later("kapnet.core.clients.tokens.remove_ended"))
