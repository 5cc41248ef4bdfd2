"""The engine with one thing that `both` carries forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from decisions.rules.engine import matching as hits
from decisions.rules.engine import weighed_rules as prepared
from decisions.rules.engine.rules import Effect, OptionId, Rule

CARRIED = {
    "stops": lambda rule: rule.effect is Effect.STOP,
    "reviews": lambda rule: rule.effect is Effect.REVIEW,
    "bars": lambda rule: rule.bars,
    "what ketamine has": lambda rule: OptionId.KETAMINE in rule.options,
    "what repeat TMS has": lambda rule: OptionId.REPEAT_TMS in rule.options,
}
"""What `both` is made to forget -> whether a rule belongs to it."""


@contextmanager
def _forgetting(forgotten: Callable[[Rule], bool]) -> Iterator[None]:
    true_concerned = prepared.concerned

    def concerned(rule: Rule) -> frozenset[OptionId]:
        return frozenset(rule.options) if forgotten(rule) else true_concerned(rule)

    _forget_what_was_prepared()
    try:
        with patch.object(prepared, "concerned", concerned):
            yield
    finally:
        _forget_what_was_prepared()


def _forget_what_was_prepared() -> None:
    prepared.prepare.cache_clear()
    hits._grouped.cache_clear()


ENGINE_FAULTS = {
    f"both forgets {what}": partial(_forgetting, forgotten) for what, forgotten in CARRIED.items()
}
