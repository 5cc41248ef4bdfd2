"""What rests on entries that somebody is about to withdraw, as the admin shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.domain.composing import Name
from evidence.domain.entries import EntryKind, EvidenceBase
from evidence.guide.loading import load_guide
from evidence.guide.model import sources_of
from evidence.presenters.lists import UsageGroup, present_usage
from evidence.queries import current_evidence
from evidence.resting import Resting, resting_on
from evidence.usage import Usage

RULE = "rule"
"""The kind of usage that is shown with its weights instead."""


@dataclass(frozen=True)
class RestingView:
    """What rests on the entries; `resting` is None where nobody counted."""

    resting: Resting | None
    usage: tuple[UsageGroup, ...]
    unpublished: tuple[str, ...]


def present_resting(names: Iterable[Name], clinic_id: str | None) -> RestingView:
    """What rests on these entries as they are published. unpublished: nothing can rest on them."""
    evidence = current_evidence()
    all_names = list(names)
    published = frozenset(name for name in all_names if evidence.entry(*name))
    return RestingView(
        resting=resting_on(published, clinic_id),
        usage=tuple(_usage([name for name in all_names if name in published], evidence)),
        unpublished=tuple(key for kind, key in all_names if (kind, key) not in published),
    )


def _usage(names: list[Name], evidence: EvidenceBase) -> Iterable[UsageGroup]:
    """Claims, positions, cautions and sentences of the guide, each once."""
    keys = [key for kind, key in names if kind is EntryKind.SOURCE]
    found: dict[str, dict[Usage, None]] = {}
    for key in keys:
        for group in present_usage(key, evidence):
            found.setdefault(group.kind, {}).update(dict.fromkeys(group.usages))
    found.pop(RULE, None)
    if sentences := _guide_sentences(names, evidence):
        found["sentence of the guide"] = sentences
    return (UsageGroup(kind, tuple(usages)) for kind, usages in found.items())


def _guide_sentences(names: list[Name], evidence: EvidenceBase) -> dict[Usage, None]:
    sources = {key for kind, key in names if kind is EntryKind.SOURCE}
    cautions = {key for kind, key in names if kind is EntryKind.CAUTION}
    return {
        Usage(label=sentence.say, url="", kind="sentence"): None
        for section in load_guide().sections
        for sentence in section.sentences
        if sources & {*sources_of(sentence, evidence)} or cautions & {*sentence.cautions}
    }
