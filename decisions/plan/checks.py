"""Start-up check of plans: their words and rules fit the edition and the dossier."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from decisions.loading import EditionRefused
from decisions.plan.wording import PlanWordingRefused, load_plan_words
from evidence.loading import DossierRefused


@register
def check_plan_words(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """plan.E001: the words or rules of plans cannot be used."""
    try:
        load_plan_words()
    except PlanWordingRefused as error:
        return [Error(str(error), hint="Mend the file named.", id="plan.E001")]
    except (EditionRefused, DossierRefused):
        return []  # decisions.E… and evidence.E… name what is wrong with those
    return []
