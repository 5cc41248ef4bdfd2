"""The app of the letters."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Referral letters: composed from a recorded decision, signed once, never changed."""

    name = "decisions.letters"
    label = "letters"

    def ready(self) -> None:
        """Register the start-up checks, and listen for releases of evidence."""
        from decisions.cases.due.things import tells_due
        from decisions.cases.told import MISMATCHES, SIGNED_LETTERS, STATED_FACTS, register
        from decisions.letters import (  # noqa: F401, imported for what they register
            checks,
            receivers,
        )
        from decisions.letters.checking.mismatches import mismatches_of_case
        from decisions.letters.checking.next_looks import next_looks_due
        from decisions.letters.facts.stated import stated_of
        from decisions.letters.queries import standing_letters_of
        from decisions.letters.signer_tasks import holds  # noqa: F401, for what it registers
        from decisions.letters.verification import (  # noqa: F401, imported for what it registers
            kept_as_signed,
        )

        tells_due(next_looks_due)
        register(STATED_FACTS, stated_of)
        register(MISMATCHES, mismatches_of_case)
        register(SIGNED_LETTERS, standing_letters_of)
