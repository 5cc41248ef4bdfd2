"""Start-up check of plans: their words and rules fit the edition and the dossier."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from decisions.documents.plan.loading import PlanWordingRefused, load_plan_words
from decisions.rules.loading import EditionRefused, edition_ids
from evidence.loading import DossierRefused


def check_plan_words(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """plan.E001: the words or rules of plans of an edition cannot be used."""
    errors: list[CheckMessage] = []
    for edition_id in edition_ids():
        try:
            load_plan_words(edition_id)
        except PlanWordingRefused as error:
            told = f"Edition {edition_id}, {error}"
            errors.append(Error(told, hint="Correct the file named.", id="plan.E001"))
        except (EditionRefused, DossierRefused):
            continue  # decisions.E… and evidence.E… name what is wrong with those
    return errors
