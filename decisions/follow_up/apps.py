"""The app of follow-up."""

from django.apps import AppConfig

from kapnet.core.later import later


class FollowUpConfig(AppConfig):
    """What was given, how the patient fared, and what a clinic may say of it."""

    name = "decisions.follow_up"
    label = "follow_up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep each form that is an answer, offer what the record says, tell what is due."""
        from decisions.cases.due.things import before_reminding, ends_follow_up, tells_due
        from decisions.cases.section.signals import answer_saved
        from decisions.cases.told import offers_answers
        from decisions.follow_up.courses import holds  # noqa: F401, imported for what it registers

        answer_saved.connect(later("decisions.follow_up.receivers.keep_complete_form"))
        offers_answers(later("decisions.follow_up.courses.offers.offer"))
        tells_due(later("decisions.follow_up.courses.due_telling.forms_due"))
        ends_follow_up(later("decisions.follow_up.courses.due_telling.followed_up_no_more"))
        before_reminding(
            later("decisions.follow_up.courses.due_telling.settle_forms_past_their_window")
        )
