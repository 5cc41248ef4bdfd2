"""The app of the desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Where each signed letter is: what was sent, what came back, what is due."""

    name = "decisions.desk"
    label = "desk"

    def ready(self) -> None:
        """Open a delivery for every letter that is signed."""
        from decisions.desk.actions import open_delivery
        from decisions.letters.signals import letter_signed

        letter_signed.connect(open_delivery, dispatch_uid="desk.open_delivery")
