"""Where a source is used: told by providers, and by the evidence itself."""

from __future__ import annotations

from datetime import date

import pytest

from evidence import hook_points
from evidence.ending import Endings
from evidence.hooks import Usage, usages_of
from evidence.loading import load_dossier
from evidence.presenters.lists import present_usage

HOLDING = Endings(load_dossier(), date(2026, 11, 23))
"""Before anything ends."""


def rules_of_a_test(key: str) -> list[Usage]:
    return [Usage(label="A rule", url="/rule/", kind="rule")] if key == "philip-2016" else []


@pytest.fixture(autouse=True)
def only_this_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_points.USES, "tellers", [])
    hook_points.USES.register(rules_of_a_test)


def test_registering_twice_tells_once() -> None:
    hook_points.USES.register(rules_of_a_test)

    assert len(usages_of("philip-2016")) == 1


def test_uses_are_grouped_by_kind() -> None:
    groups = present_usage("philip-2016", HOLDING)

    assert [(group.kind, len(group.usages)) for group in groups] == [("rule", 1), ("claim", 1)]


def test_guideline_is_used_by_positions_and_cautions() -> None:
    kinds = {group.kind for group in present_usage("lam-2024-canmat", HOLDING)}

    assert kinds == {"claim", "position", "caution"}
