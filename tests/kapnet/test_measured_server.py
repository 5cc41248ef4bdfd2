"""What a measured server is started with."""

from __future__ import annotations

import os
from pathlib import Path

import environ
import pytest

from script.measure.server import environment


def test_settings_of_a_demo_beside_it_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment("postgresql://somewhere")
    of_a_demo = tmp_path / "env"
    of_a_demo.write_text("SECRET_KEY=another\nDEBUG=true\nDEMO=true\nDATA_KEYS=another\n")

    for name, value in given.items():
        monkeypatch.setenv(name, value)
    environ.Env.read_env(of_a_demo)

    assert {name: os.environ[name] for name in given} == given
    assert (given["DEBUG"], given["DEMO"]) == ("false", "false")
