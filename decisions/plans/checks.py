"""Start-up check of plans: their words and rules fit the edition and the dossier."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage

from decisions.cases.checks import check_each_edition
from decisions.documents.plan.loading import PlanWordingRefused, load_plan_words


def check_plan_words(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """plan.E001: the words or rules of plans of an edition cannot be used."""
    return check_each_edition(load_plan_words, PlanWordingRefused, "plan.E001")
