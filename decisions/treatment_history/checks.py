"""Start-up checks of treatment history: the list of medicines of each edition can be used."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from decisions.rules.loading import EditionRefused, edition_ids
from decisions.treatment_history.medicine_lists import MedicineListRefused, medicine_list


def check_medicine_lists(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """history.E001: the list of medicines of an edition cannot be used."""
    errors: list[CheckMessage] = []
    for edition_id in edition_ids():
        try:
            medicine_list(edition_id)
        except MedicineListRefused as refused:
            told = f"Edition {edition_id}, {refused}"
            errors.append(Error(told, hint="Correct the file named.", id="history.E001"))
        except EditionRefused:
            continue  # decisions.E… name what is wrong with the edition
    return errors
