"""The invented patients of an edition, as plain answers."""

from __future__ import annotations

from typing import Any

from decisions.rules.loading import CURRENT_EDITION, folder_of
from evidence.strict_yaml import read_yaml


def answers_of_vignette(vignette: str, edition_id: str = CURRENT_EDITION) -> dict[str, Any]:
    """What one of them answers. Raises KeyError for one that is not there."""
    found: Any = read_yaml(folder_of(edition_id) / "vignettes.yaml")
    answers: dict[str, dict[str, Any]] = {one["id"]: one["answers"] for one in found}
    return answers[vignette]
