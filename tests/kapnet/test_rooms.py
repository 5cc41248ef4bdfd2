"""The house keeps its order: sizes of rooms, modules and functions, and no import is an exception.

The contracts of imports are in pyproject.toml.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
ROOTS = ("kapnet", "decisions", "evidence")
MODULES_OF_A_FOLDER, LINES_OF_A_MODULE, LINES_OF_A_FUNCTION = 25, 300, 45


@cache
def sources(roots: tuple[str, ...] = ROOTS) -> dict[str, str]:
    """Every module of the program but migrations, by its path."""
    files = [file for root in roots for file in sorted((ROOT / root).rglob("*.py"))]
    found = {str(file.relative_to(ROOT)): file for file in files}
    return {
        name: file.read_text(encoding="utf-8")
        for name, file in found.items()
        if "/migrations/" not in name
    }


def test_no_room_is_crowded() -> None:
    rooms = Counter(name.rpartition("/")[0] for name in sources())

    assert rooms
    assert {room: count for room, count in rooms.items() if count > MODULES_OF_A_FOLDER} == {}


def test_modules_are_short() -> None:
    sizes = {name: len(text.splitlines()) for name, text in sources((*ROOTS, "script")).items()}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > LINES_OF_A_MODULE} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, text in sources((*ROOTS, "script")).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert sizes
    assert {name: size for name, size in sizes.items() if size > LINES_OF_A_FUNCTION} == {}


def test_no_import_is_ignored() -> None:
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = read["tool"]["importlinter"]["contracts"]

    assert contracts
    assert [one["name"] for one in contracts if "ignore_imports" in one] == []


def test_no_view_imports_a_view() -> None:
    found = {
        f"{views}: {module}"
        for name, text in sources().items()
        if name.endswith("views.py")
        for views in [name.removesuffix(".py").replace("/", ".")]
        for module in imported(text)
        if module.endswith("views")
    }

    assert found == set(), "what views share belongs beside them"


def test_nobody_enters_the_scope_of_a_clinic_without_its_time_zone() -> None:
    entering = {
        name
        for name, text in sources().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django_scopes"
        if "scope" in {alias.name for alias in node.names}
    }

    # Compiled queries are made in the scope of a clinic that is not known yet, and asked in none.
    assert entering == {"kapnet/core/people/at_clinic.py", "kapnet/core/compiled.py"}


def imported(text: str) -> Iterator[str]:
    """The modules of the program that this source imports from."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(ROOTS):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
