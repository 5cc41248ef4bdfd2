"""The app of the letters."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register as register_check

from kapnet.core.later import later


class LettersConfig(AppConfig):
    """Referral letters: composed from a recorded decision, signed once, never changed."""

    name = "decisions.letters"
    label = "letters"

    def ready(self) -> None:
        """Register the start-up checks, and listen for releases of evidence."""
        from decisions.cases.due.things import tells_due
        from decisions.cases.edition.signals import edition_released
        from decisions.cases.safety.signals import safety_task_closed
        from decisions.cases.told import (
            SIGNED_LETTERS,
            STATED_FACTS,
            register,
            tells_mismatches,
            tells_open_ends,
        )
        from decisions.letters.signer_tasks import holds  # noqa: F401, for what it registers
        from evidence.signals import release_published
        from kapnet.core.audit.verifying import also_check

        register_check(later("decisions.letters.checks.check_words"))
        register_check(later("decisions.letters.checks.check_fonts"))
        register_check(later("decisions.letters.checks.check_libraries"))
        register_check(later("decisions.letters.checks.check_archive"))
        release_published.connect(
            later("decisions.letters.receivers.open_and_close_tasks"),
            dispatch_uid="letters.withdrawal_tasks",
        )
        edition_released.connect(
            later("decisions.letters.receivers.evaluate_earlier_decisions"),
            dispatch_uid="letters.edition_tasks",
        )
        safety_task_closed.connect(
            later("decisions.letters.receivers.keep_what_was_stated"),
            dispatch_uid="letters.stated_facts",
        )
        tells_due(later("decisions.letters.checking.next_looks.next_looks_due"))
        tells_open_ends(later("decisions.letters.checking.drafts.unsigned_letters"))
        register(STATED_FACTS, later("decisions.letters.facts.stated.stated_of"))
        tells_mismatches(
            later("decisions.letters.checking.mismatches.mismatches_of_case"),
            of="has_rows_to_compare",
            where=later("decisions.letters.checking.mismatches.has_rows_to_compare"),
        )
        register(SIGNED_LETTERS, later("decisions.letters.queries.standing_letters_of"))
        also_check(later("decisions.letters.verification.kept_as_signed.letters_not_as_signed"))
