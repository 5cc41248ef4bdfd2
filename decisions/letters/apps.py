"""The app of the letters."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Referral letters: composed from a recorded decision, signed once, never changed."""

    name = "decisions.letters"
    label = "letters"

    def ready(self) -> None:
        """Register the start-up checks, and listen for releases of evidence."""
        from decisions.letters import (  # noqa: F401, imported for what they register
            checks,
            receivers,
        )
        from decisions.letters.verification import (  # noqa: F401, imported for what it registers
            kept_as_signed,
        )
