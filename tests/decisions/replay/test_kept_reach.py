"""What was searched for counts for the program that searched."""

from __future__ import annotations

import ast
from pathlib import Path

from decisions.replay.kept_reach import ROOT, searching_files

SEARCH = ROOT / "decisions/replay/impact.py"
READS_FILES = {"evidence/strict_yaml.py"}
OTHERS = ("decisions/replay/", "kapnet/")
"""Of other folders, what the search itself runs is in its own module; cases are no part of it."""


def test_every_module_that_a_search_runs_is_hashed() -> None:
    found = {SEARCH}
    left = [SEARCH]
    while left:
        new = imported_by(left.pop()) - found
        found |= new
        left += new

    names = {str(one.relative_to(ROOT)) for one in found}
    hashed = {str(one.relative_to(ROOT)) for one in searching_files()}
    assert {one for one in names - hashed if not one.startswith(OTHERS)} == READS_FILES
    assert "evidence/domain/entries.py" in names & hashed


def imported_by(file: Path) -> set[Path]:
    """The modules of this project that a module imports from."""
    tree = ast.parse(file.read_text())
    names = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    files = (ROOT / f"{(name or '').replace('.', '/')}.py" for name in names)
    return {one for one in files if one.is_file()}
