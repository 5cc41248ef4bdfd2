"""What keeps a server from starting."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from pytest_django.fixtures import Settings

from kapnet import ready


def test_server_without_collected_files_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "staticfiles_storage", SimpleNamespace(hashed_files={}))

    with pytest.raises(SystemExit, match="No static files are collected"):
        ready.stop_unless_ready()


def test_template_that_cannot_be_compiled_keeps_no_server_from_starting(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "broken.html").write_text("{% no_such_tag %}")
    (tmp_path / "no_text.html").write_bytes(b"\xff")
    (tmp_path / "away.html").symlink_to(tmp_path / "nowhere.html")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    monkeypatch.setattr(ready, "OWN_TEMPLATES", tmp_path)

    ready.compile_templates()

    with pytest.raises(TemplateSyntaxError):
        get_template("broken.html")
