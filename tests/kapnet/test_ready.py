"""What keeps a server from starting."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kapnet import ready


def test_server_without_collected_files_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "staticfiles_storage", SimpleNamespace(hashed_files={}))

    with pytest.raises(SystemExit, match="No static files are collected"):
        ready.stop_unless_ready()
