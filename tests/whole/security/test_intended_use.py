"""Each hazard has a control that a test holds."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from tests.collecting import for_each

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "intended-use.md"
NAMED = re.compile(r"`(test_\w+)`")


def rows() -> list[str]:
    return [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| H-")]


@for_each("row", rows(), ids=lambda row: row[2:6])
def test_hazard_has_a_control_with_a_test(row: str) -> None:
    assert NAMED.findall(row)


def test_hazards_count_from_one_without_a_gap() -> None:
    numbers = [int(row[4:6]) for row in rows()]

    assert numbers == list(range(1, len(numbers) + 1))
