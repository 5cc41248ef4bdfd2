"""What rests on entries that somebody is about to withdraw, as their page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.domain.entries import EvidenceBase
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind
from evidence.ended_rules import said_rules, said_usage
from evidence.ending import Endings
from evidence.guide.loading import load_guide
from evidence.guide.model import Sentence, sources_of
from evidence.hooks import Resting, Usage, resting_on
from evidence.presenters.lists import UsageGroup, present_usage
from evidence.queries import endings_today

RULE = "rule"
"""The kind of usage that is shown with its weights instead."""


@dataclass(frozen=True)
class RestingView:
    """What rests on the entries; `resting` is None where nobody counted."""

    resting: Resting | None
    usage: tuple[UsageGroup, ...]
    unpublished: tuple[str, ...]


def present_resting(names: Iterable[Name]) -> RestingView:
    """What rests on these entries as they are published. unpublished: nothing can rest on them."""
    endings = endings_today()
    evidence = endings.evidence
    all_names = list(names)
    published = frozenset(name for name in all_names if evidence.entry(*name))
    return RestingView(
        resting=_said(resting_on(published, None), endings),
        usage=tuple(_usage([name for name in all_names if name in published], endings)),
        unpublished=tuple(key for kind, key in all_names if (kind, key) not in published),
    )


def _said(resting: Resting | None, endings: Endings) -> Resting | None:
    if resting is None:
        return None
    return resting.model_copy(update={"rules": said_rules(resting.rules, endings)})


def _usage(names: list[Name], endings: Endings) -> Iterable[UsageGroup]:
    """Claims, positions, cautions and sentences of the guide, each once."""
    keys = [key for kind, key in names if kind is EntryKind.SOURCE]
    found: dict[str, dict[Usage, None]] = {}
    for key in keys:
        for group in present_usage(key, endings):
            found.setdefault(group.kind, {}).update(dict.fromkeys(group.usages))
    found.pop(RULE, None)
    if sentences := _guide_sentences(names, endings):
        found["sentence of the guide"] = sentences
    return (UsageGroup(kind, tuple(usages)) for kind, usages in found.items())


def _guide_sentences(names: list[Name], endings: Endings) -> dict[Usage, None]:
    evidence = endings.evidence
    sources = {key for kind, key in names if kind is EntryKind.SOURCE}
    cautions = {key for kind, key in names if kind is EntryKind.CAUTION}
    return {
        said_usage(_usage_of(sentence, evidence), endings): None
        for section in load_guide().sections
        for sentence in section.sentences
        if sources & {*sources_of(sentence, evidence)} or cautions & {*sentence.cautions}
    }


def _usage_of(sentence: Sentence, evidence: EvidenceBase) -> Usage:
    rests_on = sources_of(sentence, evidence)
    return Usage(sentence.say, "", "sentence", rests_on, tuple(sentence.cautions))
