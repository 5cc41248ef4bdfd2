"""Which rules cite a source: told to the evidence app, which knows nothing of rules."""

from __future__ import annotations

from decisions.rules.loading import CURRENT_EDITION, edition_ids, load_edition
from evidence.usage import Usage, register


def rules_citing(key: str) -> list[Usage]:
    """The rules that rest on a source or are limited by it, those of the current edition first.

    A rule of an earlier edition names it, unless the current one has it in the same words.
    """
    editions = sorted(edition_ids(), key=lambda one: one != CURRENT_EDITION)
    labels: dict[str, str] = {}
    for edition_id in editions:
        for rule in load_edition(edition_id).rules:
            if key in (*rule.evidence, *rule.counter):
                is_current = edition_id == CURRENT_EDITION
                told = rule.because if is_current else f"{rule.because} (edition {edition_id})"
                labels.setdefault(rule.because, told)
    return [Usage(label=one, url="", kind="rule") for one in labels.values()]


register(rules_citing)
