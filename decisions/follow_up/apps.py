"""The app of follow-up."""

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    """What was given, how the patient fared, and what a clinic may say of it."""

    name = "decisions.follow_up"
    label = "follow_up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep each complete form that is saved as an answer; let the record offer answers."""
        from decisions.cases.proposals import register_offers
        from decisions.follow_up import receivers  # noqa: F401, imported for what it registers
        from decisions.follow_up.courses.offers import offer

        register_offers(offer)
