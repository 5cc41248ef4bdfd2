"""The document about security names only tests that exist, and every id once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENT = (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_is_named_exists() -> None:
    files = (ROOT / "tests").rglob("test_*.py")
    existing = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}

    assert sorted(set(re.findall(r"`(test_\w+)`", DOCUMENT)) - existing) == []


@pytest.mark.parametrize(("letter", "last"), [("S", 68), ("F", 28)])
def test_every_id_stands_once_with_a_test_or_a_reason(letter: str, last: int) -> None:
    rows = re.findall(rf"^\| {letter}-(\d\d) \| (.+) \| (.+) \|$", DOCUMENT, re.MULTILINE)

    assert [int(number) for number, _, _ in rows] == list(range(1, last + 1))
    assert all("`" in how or len(how) > 10 for _, _, how in rows)
