"""Every test that the hazard log leans on exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.collecting import for_each

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "intended-use.md"
NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)


def defined_tests() -> frozenset[str]:
    files = (Path(settings.BASE_DIR) / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in DEFINED.findall(file.read_text()))


def rows() -> list[str]:
    return [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| H-")]


@pytest.mark.slow
@for_each("row", rows(), ids=lambda row: row[2:6])
def test_hazard_has_a_control_with_a_test_that_exists(row: str) -> None:
    named = NAMED.findall(row)

    assert named
    assert set(named) <= defined_tests()


def test_every_test_named_elsewhere_exists() -> None:
    assert set(NAMED.findall(DOCUMENT.read_text())) <= defined_tests()


def test_hazards_count_from_one_without_a_gap() -> None:
    numbers = [int(row[4:6]) for row in rows()]

    assert numbers == list(range(1, len(numbers) + 1))
