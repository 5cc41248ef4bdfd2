"""Start-up checks of treatment history: the list of medicines of each edition can be used."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage

from decisions.cases.checks import check_each_edition
from decisions.treatment_history.medicine_lists import MedicineListRefused, medicine_list


def check_medicine_lists(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """history.E001: the list of medicines of an edition cannot be used."""
    return check_each_edition(medicine_list, MedicineListRefused, "history.E001")
