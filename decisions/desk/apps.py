"""The app of the desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Where each signed letter is: what was sent, what came back, what is due."""

    name = "decisions.desk"
    label = "desk"

    def ready(self) -> None:
        """Open a delivery for every signed letter, and say where the letter of a case is."""
        from decisions.cases.due.things import tells_due
        from decisions.cases.told import LETTER, register
        from decisions.desk import exporting, holds  # noqa: F401, for what they register
        from decisions.desk.actions import open_delivery
        from decisions.desk.due import letters_due, replies_due
        from decisions.desk.replies import telling
        from decisions.desk.replies.taking import open_link
        from decisions.desk.standing import letter_standing
        from decisions.letters.signals import letter_signed

        register(LETTER, letter_standing)
        tells_due(letters_due)
        tells_due(replies_due)
        letter_signed.connect(open_delivery, dispatch_uid="desk.open_delivery")
        letter_signed.connect(open_link, dispatch_uid="desk.open_link")
        assert telling
