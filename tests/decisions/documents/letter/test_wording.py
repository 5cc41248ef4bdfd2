"""The words of the letter are read strictly, and have no promise in them."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.documents.letter.loading import FILE, WordingRefused, load_words, read_words
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from evidence.strict_yaml import read_yaml
from tests.collecting import for_each

EDITION = CURRENT_EDITION


@pytest.fixture
def raw() -> dict[str, Any]:
    """The words as plain data, to be spoiled."""
    words: Any = read_yaml(EDITIONS / EDITION / FILE)
    return dict(words)


def test_every_rule_with_a_verdict_has_its_phrase() -> None:
    words = load_words(EDITION)

    said = {rule.id for rule in load_edition(EDITION).rules if rule.effect.value != "note"}
    assert words.findings.keys() == said


def test_unknown_key_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(WordingRefused, match="surprise"):
        read_words({**raw, "surprise": "x"}, EDITION)


def test_missing_key_is_refused(raw: dict[str, Any]) -> None:
    del raw["not_known"]

    with pytest.raises(WordingRefused, match="not_known"):
        read_words(raw, EDITION)


@pytest.mark.parametrize("text", ["{patient.name}", "{0}", "{secret}", "{}"])
def test_place_that_nothing_fills_in_is_refused(raw: dict[str, Any], text: str) -> None:
    with pytest.raises(WordingRefused, match="nothing fills in"):
        read_words({**raw, "unproven": text}, EDITION)


def test_rule_without_phrase_is_refused(raw: dict[str, Any]) -> None:
    findings = {**raw["findings"], "no-such-rule": "x"}

    with pytest.raises(WordingRefused, match="no-such-rule"):
        read_words({**raw, "findings": findings}, EDITION)


@for_each(["step", "name"], [("add", "parkinson"), ("remove", "no_such_condition")])
def test_condition_that_letters_would_leave_out_or_invent_is_refused(
    raw: dict[str, Any], step: str, name: str
) -> None:
    ticked = {**raw["ticked"], name: "x"}
    if name in raw["ticked"]:
        del ticked[name]

    with pytest.raises(WordingRefused, match=f"ticked: {step} {name}"):
        read_words({**raw, "ticked": ticked}, EDITION)


def test_unknown_question_in_a_block_is_refused(raw: dict[str, Any]) -> None:
    blocks = {**raw["blocks"], "tms_safety": ["no_such_question"]}

    with pytest.raises(WordingRefused, match="no_such_question"):
        read_words({**raw, "blocks": blocks}, EDITION)
