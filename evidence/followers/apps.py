"""The app of the mail digest."""

from __future__ import annotations

from django.apps import AppConfig


class DigestConfig(AppConfig):
    """Who wants each release by mail, and what was sent to whom."""

    name = "evidence.followers"
    label = "digest"
    default_auto_field = "django.db.models.BigAutoField"
