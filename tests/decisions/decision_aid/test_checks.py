"""Start-up checks of the sheet, and what the evidence app is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.decision_aid.checks import check_sheet
from decisions.decision_aid.usage import sheet_citing, sheet_to_do
from evidence.loading import load_dossier
from evidence.todo import ToDoKind


def test_own_sheet_passes() -> None:
    assert check_sheet(None) == []


@pytest.mark.parametrize("said", [["nothing"], ["not_stated"], ["both", "repeat_tms"]])
def test_setting_that_names_options_passes(settings: Any, said: list[str]) -> None:
    settings.SHEET_CLINIC_EARNS_FROM = said

    assert check_sheet(None) == []


@pytest.mark.parametrize("said", [["tms"], ["nothing", "both"]])
def test_odd_setting_is_told(settings: Any, said: list[str]) -> None:
    settings.SHEET_MAKER_EARNS_FROM = said

    (error,) = check_sheet(None)

    assert error.id == "sheet.E002"
    assert "SHEET_MAKER_EARNS_FROM" in error.msg
    assert error.hint is not None
    assert "repeat_tms" in error.hint


def test_number_that_moved_in_the_dossier_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from decisions.documents.decision_aid import loading as wording

    thin = load_dossier().changed(cautions=())
    monkeypatch.setattr(wording, "load_dossier", lambda: thin)
    wording.load_sheet.cache_clear()

    errors = check_sheet(None)

    wording.load_sheet.cache_clear()
    assert [one.id for one in errors] == ["sheet.E001"]
    assert "there is no caution" in errors[0].msg


def test_source_knows_that_the_sheet_cites_it() -> None:
    (usage,) = sheet_citing("philip-2016")

    assert usage.url == "/guide/sheet/"
    assert sheet_citing("hoffken-2013") == []


def test_withdrawn_source_is_left_to_do_for_the_sheet() -> None:
    assert list(sheet_to_do(load_dossier())) == []

    (todo,) = sheet_to_do(load_dossier().with_retracted(frozenset({"shanok-2024"})))

    assert todo.kind is ToDoKind.SHEET
    assert "Shanok 2024 has been taken back" in todo.sentence
