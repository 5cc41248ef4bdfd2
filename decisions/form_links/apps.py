"""The app of the links by which patients fill in their own forms."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_save

from kapnet.core.later import later


class FormLinksConfig(AppConfig):
    """Links, what came in by them, and what a clinician makes of it."""

    name = "decisions.form_links"
    label = "form_links"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is told, what revokes a link, and the check of the words for patients."""
        from decisions.cases.due.things import before_reminding, tells_due
        from decisions.cases.told import tells_open_ends, tells_statements
        from decisions.follow_up.models import FollowUpEnd
        from decisions.form_links import telling  # noqa: F401, imported for what it registers
        from decisions.form_links.models import HAS_PROPOSALS
        from decisions.life.models import LifeStep
        from kapnet.core.background.pruning import prunes

        register(later("decisions.form_links.checks.check_cards"))
        post_save.connect(
            later("decisions.form_links.receivers.revoke_with_the_case"), sender=LifeStep
        )
        post_save.connect(
            later("decisions.form_links.receivers.revoke_with_follow_up"), sender=FollowUpEnd
        )
        tells_statements(
            later("decisions.form_links.doubting.statements_that_do_not_fit"),
            of=HAS_PROPOSALS,
            where=later("decisions.form_links.doubting.has_proposals"),
        )
        tells_open_ends(later("decisions.form_links.proposing.links_and_statements"))
        prunes(later("decisions.form_links.actions.let_run_out"))
        tells_due(later("decisions.form_links.reminding.patients_forms_due"))
        before_reminding(later("decisions.form_links.reminding.remind_patients"))
