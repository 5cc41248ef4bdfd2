"""Which rules cite a source: told to the evidence app, which knows nothing of rules."""

from __future__ import annotations

from decisions.loading import load_edition
from evidence.usage import Usage, register


def rules_citing(key: str) -> list[Usage]:
    """The rules of the current edition that rest on a source or are limited by it."""
    return [
        Usage(label=rule.because, url="", kind="rule")
        for rule in load_edition().rules
        if key in (*rule.evidence, *rule.counter)
    ]


register(rules_citing)
