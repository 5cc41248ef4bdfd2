"""The house keeps its order: sizes of rooms, modules and functions, and what is still to be cut.

The contracts of imports are in pyproject.toml. What breaks a rule today is named here with its
size: no name may be added, no size may grow, and what keeps the rule by now has to be taken out.
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
IGNORED_IMPORTS = 1

LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}


@cache
def sources() -> dict[str, str]:
    """Every module of the program but migrations, by its path."""
    files = [file for root in ROOTS for file in sorted((ROOT / root).rglob("*.py"))]
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
    sizes = {name: len(text.splitlines()) for name, text in sources().items()}

    assert_shrinking(sizes, LINES_OF_A_MODULE, LONG_MODULES)


def test_functions_are_short() -> None:
    sizes = {
        f"{name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, text in sources().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert_shrinking(sizes, LINES_OF_A_FUNCTION, LONG_FUNCTIONS)


def test_no_more_imports_are_ignored() -> None:
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = read["tool"]["importlinter"]["contracts"]
    ignored = [one for contract in contracts for one in contract.get("ignore_imports", [])]

    assert len(ignored) == IGNORED_IMPORTS, "it may only shrink: lower IGNORED_IMPORTS with it"


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


def assert_shrinking(sizes: dict[str, int], limit: int, excepted: dict[str, int]) -> None:
    """Nothing is over the limit but what is excepted, and that is no larger than it was."""
    over = {name: size for name, size in sizes.items() if size > limit}

    assert {name for name, size in over.items() if size > excepted.get(name, limit)} == set()
    assert excepted.keys() - over.keys() == set(), "short by now: take it off the list"
