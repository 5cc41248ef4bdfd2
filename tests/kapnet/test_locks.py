"""The locks: what is tested is what is served, and both are what pyproject.toml names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
WANTED = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = WANTED["project"]["dependencies"]
SIGN = WANTED["project"]["optional-dependencies"]["sign"]
DEV = WANTED["dependency-groups"]["dev"]


def lines_of(lock: str) -> dict[str, str]:
    """name -> its line with version and marker, without the hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    lines = [line.removesuffix(" \\") for line in text.splitlines() if line[:1].isalnum()]
    return {canonicalize_name(Requirement(line).name): line for line in lines}


@pytest.mark.parametrize(("smaller", "larger"), [("run", "sign"), ("sign", "dev")])
def test_larger_lock_has_every_package_of_the_smaller_in_its_version(
    smaller: str, larger: str
) -> None:
    assert lines_of(smaller).items() <= lines_of(larger).items()


@pytest.mark.parametrize(
    ("lock", "wanted"), [("run", RUN), ("sign", RUN + SIGN), ("dev", RUN + SIGN + DEV)]
)
def test_lock_satisfies_what_pyproject_names(lock: str, wanted: list[str]) -> None:
    locked = lines_of(lock)

    for requirement in map(Requirement, wanted):
        (specifier,) = Requirement(locked[canonicalize_name(requirement.name)]).specifier
        assert specifier.version in requirement.specifier, requirement
