"""The start-up check of the dossier, and the words for every value of the domain."""

from __future__ import annotations

import pytest

from evidence.domain import terms
from evidence.guide import checks
from evidence.loading import DossierRefused, load_dossier


def test_own_dossier_is_sound() -> None:
    assert checks.check_dossier(None) == []


def test_unsound_dossier_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DossierRefused("sources.yaml, abbar-2022: kind Field required")

    monkeypatch.setattr(checks, "load_dossier", refuse)

    (error,) = checks.check_dossier(None)

    assert error.id == "evidence.E001"
    assert "sources.yaml, abbar-2022" in error.msg


def test_term_is_stored_by_its_value_and_shown_by_its_label() -> None:
    term = terms.Verified.ABSTRACT

    assert (str(term), term.label) == ("abstract", "Abstract read")
    assert terms.Verified("abstract") is term
    assert terms.Verified.choices()[1] == ("abstract", "Abstract read")
    assert [one for kind in terms.Term.__subclasses__() for one in kind if not one.label] == []


def test_every_free_word_of_the_dossier_has_a_choice() -> None:
    evidence = load_dossier()

    assert {one.treatment for one in evidence.positions} <= set(terms.Treatment.values())
    assert {one.applies_to for one in evidence.cautions} <= set(terms.AppliesTo.values())
    assert {one.strength for one in evidence.cautions} <= set(terms.Strength.values())
