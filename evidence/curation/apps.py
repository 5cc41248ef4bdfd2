"""Curating the evidence: changes that two persons make, and the releases they end in."""

from __future__ import annotations

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "evidence.curation"
    label = "curation"
    verbose_name = "Curation"
    default_auto_field = "django.db.models.BigAutoField"
