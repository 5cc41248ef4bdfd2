"""The start-up check of the dossier, and the words for every value of the domain."""

from __future__ import annotations

import pytest

from evidence import choices
from evidence.domain import entries as domain
from evidence.guide import checks
from evidence.loading import DossierRefused, load_dossier
from tests.collecting import for_each


def test_own_dossier_is_sound() -> None:
    assert checks.check_dossier(None) == []


def test_unsound_dossier_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DossierRefused("sources.yaml, abbar-2022: kind Field required")

    monkeypatch.setattr(checks, "load_dossier", refuse)

    (error,) = checks.check_dossier(None)

    assert error.id == "evidence.E001"
    assert "sources.yaml, abbar-2022" in error.msg


@for_each("name", ["Kind", "Certainty", "Verified", "BearsOn", "Stance", "Line", "ClaimStatus"])
def test_every_value_has_words(name: str) -> None:
    assert {one.value for one in getattr(choices, name)} == {
        one.value for one in getattr(domain, name)
    }


def test_every_free_word_of_the_dossier_has_a_choice() -> None:
    evidence = load_dossier()

    assert {one.treatment for one in evidence.positions} <= set(choices.Treatment.values)
    assert {one.applies_to for one in evidence.cautions} <= set(choices.AppliesTo.values)
    assert {one.strength for one in evidence.cautions} <= set(choices.Strength.values)
