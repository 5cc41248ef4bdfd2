"""The app of care teams."""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Who outside the clinic cares for the patient of a case, chosen from the directory."""

    name = "decisions.care_team"
    label = "team"
    default_auto_field = "django.db.models.BigAutoField"
