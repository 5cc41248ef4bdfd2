"""Mutation testing of decisions/rules and documents with mutmut, in a copy of the last commit.

    nice python -m script.measure.mutation                      every module: most of an hour
    nice python -m script.measure.mutation verdicts conditions  some modules
    python -m script.measure.mutation --survivors verdicts      and what survived, as differences

Prints the killed and the tested mutants of each module; the exit status is 1 below 90% in all. A
mutant of a function that no test calls counts as surviving.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
MUTMUT = Path(sys.executable).parent / "mutmut"
RESULT = re.compile(
    r"^[ \t]*(decisions\.(?:rules|documents)\.\w+\.(\w+)\.\S+): (.+)$", re.MULTILINE
)
KILLED = {"killed", "timeout"}
LEAST_KILLED = 0.90
ENVIRONMENT = {
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "DATA_KEYS": "b25seS1mb3ItdGVzdHN4eHh4eHh4eHh4eHh4eHh4eHg=",
    "DJANGO_SETTINGS_MODULE": "kapnet.settings",
    "DATABASE_URL": "sqlite://:memory:",
}

Results = Mapping[str, Mapping[str, str]]
"""Module -> mutant -> what became of it."""


def mutate(folder: Path, modules: list[str]) -> Results:
    """Clone into this folder, run mutmut there, and read its results."""
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)  # noqa: S603, S607
    patterns = [f"decisions.*.{module}.*" for module in modules]
    _mutmut(folder, "run", "--max-children", "1", *patterns)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for mutant, module, became in RESULT.findall(_mutmut(folder, "results", "--all", "true")):
        if became != "not checked":
            found[module][mutant] = became
    return found


def _mutmut(folder: Path, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603
        [MUTMUT, *arguments],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def print_results(results: Results) -> float:
    """A line a module; the killed share of all."""
    total: Counter[bool] = Counter()
    for module, mutants in sorted(results.items()):
        counts = Counter(became in KILLED for became in mutants.values())
        total += counts
        print(f"{module:<20} {counts[True]:>5} of {len(mutants):<5} {_share(counts):.0%}")
    print(f"{'all':<20} {total[True]:>5} of {total.total():<5} {_share(total):.1%}")
    return _share(total)


def _share(counts: Counter[bool]) -> float:
    return counts[True] / counts.total() if counts else 0.0


def print_survivors(folder: Path, results: Results) -> None:
    """What each surviving mutant changed."""
    for mutants in results.values():
        for mutant, became in mutants.items():
            if became not in KILLED:
                print(_mutmut(folder, "show", mutant))


def main(arguments: list[str]) -> int:
    """The exit status: 1 when too few are killed."""
    modules = [one for one in arguments if not one.startswith("--")]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "copy"
        results = mutate(folder, modules)
        share = print_results(results)
        if "--survivors" in arguments:
            print_survivors(folder, results)
    return int(share < LEAST_KILLED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
