"""The app of follow-up."""

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    """What was given, how the patient fared, and what a clinic may say of it."""

    name = "decisions.follow_up"
    label = "follow_up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep each form that is an answer, offer what the record says, tell what is due."""
        from decisions.cases.due.things import before_reminding, ends_follow_up, tells_due
        from decisions.cases.proposals import register_offers
        from decisions.follow_up import receivers  # noqa: F401, imported for what it registers
        from decisions.follow_up.courses import due_telling, holds  # noqa: F401, the same
        from decisions.follow_up.courses.offers import offer

        register_offers(offer)
        tells_due(due_telling.forms_due)
        ends_follow_up(due_telling.followed_up_no_more)
        before_reminding(due_telling.settle_forms_past_their_window)
