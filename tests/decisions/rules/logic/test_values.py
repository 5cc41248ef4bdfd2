"""The hash that names an edition: any change of its bytes would orphan every stored decision."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import ValidationError

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId, Rule
from decisions.rules.loading import load_edition
from decisions.rules.logic.values import Frozen, sha256_of


def test_sha256_is_over_sorted_compact_json_in_utf8() -> None:
    expected = hashlib.sha256('{"a":[1,null],"b":"µ"}'.encode()).hexdigest()

    assert sha256_of({"b": "µ", "a": [1, None]}) == expected


def test_edition_hashes_by_its_content() -> None:
    edition = load_edition()

    assert hash(edition) == hash(edition.sha256)
    assert edition != edition.sha256
    assert edition == edition_with(edition.rules)
    assert edition != edition_with(edition.rules[1:])


def edition_with(rules: tuple[Rule, ...]) -> Edition:
    """The edition with these rules, built again: a copy would keep the hash of the original."""
    old = load_edition()
    return Edition(
        id=old.id,
        questionnaire=old.questionnaire,
        rules=rules,
        instruments=old.instruments,
        open_is_never_no=old.open_is_never_no,
    )


def test_frozen_value_takes_no_change_and_no_stranger() -> None:
    class Point(Frozen):
        x: int

    with pytest.raises(ValidationError):
        Point(x=1, y=2)  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Point(x=1).x = 2  # type: ignore[misc]


def test_options_stand_in_their_fixed_order() -> None:
    assert [str(option) for option in OptionId] == ["ketamine", "repeat_tms", "both"]
