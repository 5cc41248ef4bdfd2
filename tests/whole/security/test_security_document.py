"""The document about security names only tests that exist, and every id once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from script.measure.planted import PLANTED, rows_of, targets_of
from script.measure.planted_fault import Planted
from tests.collecting import for_each

ROOT = Path(settings.BASE_DIR)
NONE_PLANTED = ("F-02",)
"""PostgreSQL itself keeps what it acknowledged."""
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
ROWS = rows_of(DOCUMENT)


@pytest.mark.parametrize(("letter", "last"), [("S", 68), ("F", 28)])
def test_every_id_stands_once_with_a_test_or_a_reason(letter: str, last: int) -> None:
    rows = re.findall(rf"^\| {letter}-(\d\d) \| (.+) \| (.+) \|$", DOCUMENT, re.MULTILINE)

    assert [int(number) for number, _, _ in rows] == list(range(1, last + 1))
    assert all("`" in how or len(how) > 10 for _, _, how in rows)


def test_every_row_has_a_planted_fault() -> None:
    planted = {row for fault in PLANTED for row in fault.rows.split()}

    assert {row for row, tests in ROWS.items() if tests} - planted == set(NONE_PLANTED)
    assert planted <= ROWS.keys()


@for_each("fault", PLANTED, ids=lambda one: one.name)
def test_planted_fault_fits_and_is_for_tests_of_its_rows(fault: Planted) -> None:
    assert (ROOT / fault.file).read_text().count(fault.old) == 1
    assert len(set(fault.new.splitlines()) - {*fault.old.splitlines(), ""}) <= 3
    assert all((ROOT / one).exists() for one in fault.tests.split())
    run = {one.rpartition("::")[2] for one in targets_of(fault, ROOT)}
    for row in fault.rows.split():
        assert run & set(ROWS[row]), row
