"""The app of the links by which patients fill in their own forms."""

from __future__ import annotations

from django.apps import AppConfig


class FormLinksConfig(AppConfig):
    """Links, what came in by them, and what a clinician makes of it."""

    name = "decisions.form_links"
    label = "form_links"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is told, what revokes a link, and the check of the words for patients."""
        from decisions.cases.due.things import before_reminding, tells_due
        from decisions.cases.told import asks_of_each_case, tells_statements
        from decisions.form_links import (  # noqa: F401, imported for what they register
            checks,
            receivers,
            telling,
        )
        from decisions.form_links.actions import let_run_out
        from decisions.form_links.doubting import (
            HAS_PROPOSALS,
            has_proposals,
            statements_that_do_not_fit,
        )
        from decisions.form_links.reminding import patients_forms_due, remind_patients
        from kapnet.core.background.pruning import prunes

        tells_statements(statements_that_do_not_fit)
        asks_of_each_case(HAS_PROPOSALS, has_proposals)
        prunes(let_run_out)
        tells_due(patients_forms_due)
        before_reminding(remind_patients)
