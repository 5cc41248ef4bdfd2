"""The app of the desk."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class DeskConfig(AppConfig):
    """Where each signed letter is: what was sent, what came back, what is due."""

    name = "decisions.desk"
    label = "desk"

    def ready(self) -> None:
        """Open a delivery for every signed letter, and say where the letter of a case is."""
        from decisions.cases.due.things import tells_due
        from decisions.cases.told import LETTER, register
        from decisions.desk import holds  # noqa: F401, imported for what it registers
        from decisions.desk.replies import telling  # noqa: F401, the same
        from decisions.letters.signals import letter_signed
        from kapnet.core.background.pruning import prunes

        register(LETTER, later("decisions.desk.standing.letter_standing"))
        tells_due(later("decisions.desk.due.letters_due"))
        tells_due(later("decisions.desk.due.replies_due"))
        prunes(later("decisions.desk.exporting.forget_old_files"))
        open_delivery = later("decisions.desk.actions.open_delivery")
        letter_signed.connect(open_delivery, dispatch_uid="desk.open_delivery")
        open_link = later("decisions.desk.replies.taking.open_link")
        letter_signed.connect(open_link, dispatch_uid="desk.open_link")
