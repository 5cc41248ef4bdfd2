"""The evidence as frozen values: sources, guideline positions, cautions and claims.

Names and units are those of the dossier (`evidence/dossier/*.yaml`, whose headers
define every field). Nothing here knows of a database or of a rule.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from evidence.domain.names import family_of
from evidence.domain.parts import CertaintyReason, Frozen, Key, Result, Text, says_nothing
from evidence.domain.terms import (
    BearsOn,
    Certainty,
    ClaimStatus,
    EntryKind,
    Kind,
    Line,
    Stance,
    TmsResponders,
    Verified,
    WithdrawnAs,
)


class Source(Frozen):
    """A study, guideline, label or page, with what it found and how far it was read.

    `doubts` are what a curator should look into: each a sentence. `includes_tms_responders`:
    whether it studied people whom TMS had helped. `review_by`: when it is to be looked at again.
    `valid_until`: the last day on which it holds, as of a temporary rule; None where none is set.
    """

    key: Key
    kind: Kind
    short_name: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    population: str | None = None
    n: int | None = None
    intervention: str | None = None
    comparator: str | None = None
    results: tuple[Result, ...] = ()
    adverse_events: str | None = None
    findings: str | None = None
    limitations: str | None = None
    note: str | None = None
    bears_on: tuple[BearsOn, ...] = ()
    certainty: Certainty | None = None
    certainty_why: str | None = None
    verified: Verified
    checked_at: tuple[str, ...] = ()
    certainty_reasons: tuple[CertaintyReason, ...] = Field(default=(), exclude_if=says_nothing)
    funding: str | None = Field(default=None, exclude_if=says_nothing)
    conflicts: str | None = Field(default=None, exclude_if=says_nothing)
    includes_tms_responders: TmsResponders | None = Field(default=None, exclude_if=says_nothing)
    review_by: date | None = Field(default=None, exclude_if=says_nothing)
    doubts: tuple[Text, ...] = Field(default=(), exclude_if=says_nothing)
    valid_until: date | None = Field(default=None, exclude_if=says_nothing)

    @property
    def label(self) -> str:
        """The name under which the source is cited: "Philip 2016", "CANMAT 2024"."""
        if self.short_name is not None:
            return self.short_name
        year = "n.d." if self.year is None else str(self.year)
        named = family_of(self.authors[0]) if self.authors else ""
        return f"{named} {year}" if named else f"{self.title or self.key} ({year})"


class Position(Frozen):
    """What one body says of one treatment in one indication.

    `grade` is the guideline's own level of evidence as a number, 1 the best; None where
    it gave none. `verified` is how far this position was read, not its guideline.
    """

    id: Key
    guideline: Key
    organisation: Text
    year: int | None = None
    treatment: Text
    indication: Text
    line: Line | None = None
    stance: Stance
    level_of_evidence: str | None = None
    grade: Annotated[int, Field(ge=1, le=5)] | None = None
    statement: str | None = None
    verified: Verified
    checked_at: tuple[str, ...] = ()


class Caution(Frozen):
    """A contraindication, review, precaution or interaction with its sources.

    `valid_until`: the last day on which it holds, beside those of its sources.
    """

    key: Key
    applies_to: Text
    strength: Text
    condition: Text
    why: Text
    sources: tuple[Key, ...]
    verified: Verified
    valid_until: date | None = Field(default=None, exclude_if=says_nothing)


class Claim(Frozen):
    """A sentence that somebody published, beside what the evidence shows."""

    id: Key
    claim: Text
    status: ClaimStatus
    why: Text
    evidence: tuple[Key, ...] = ()
    source: Key


class Withdrawal(Frozen):
    """An entry that stays and no longer counts: as what, why, and since when."""

    entry: EntryKind
    key: Key
    withdrawn_as: WithdrawnAs
    reason: Text
    on: date


Entry = Source | Position | Caution | Claim


class EvidenceBase(Frozen):
    """All evidence that a decision rests on, under one release name.

    `retracted` names sources that support nothing any more, however they were withdrawn; the
    positions of such a guideline fall with it. `withdrawals` say of entries of every kind why.
    Raises pydantic.ValidationError when a key occurs twice or does not exist.
    """

    release: Text
    sources: tuple[Source, ...]
    positions: tuple[Position, ...] = ()
    cautions: tuple[Caution, ...] = ()
    claims: tuple[Claim, ...] = ()
    retracted: frozenset[Key] = frozenset()
    withdrawals: tuple[Withdrawal, ...] = Field(default=(), exclude_if=says_nothing)

    @model_validator(mode="after")
    def _keys_resolve(self) -> Self:
        for name, keys in (
            ("source", [source.key for source in self.sources]),
            ("position", [position.id for position in self.positions]),
            ("caution", [caution.key for caution in self.cautions]),
            ("claim", [claim.id for claim in self.claims]),
        ):
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                raise ValueError(f"{name} {', '.join(twice)} occurs twice: keep one of them")
        if unknown := sorted(self._keys_named() - self._by_key.keys()):
            raise ValueError(f"no source has the key {', '.join(unknown)}: add it or fix the key")
        self._withdrawals_resolve()
        return self

    def _withdrawals_resolve(self) -> None:
        for one in self.withdrawals:
            if self.entry(one.entry, one.key) is None:
                raise ValueError(f"{one.entry} {one.key} is withdrawn and does not exist")
            if one.entry is EntryKind.SOURCE and one.key not in self.retracted:
                raise ValueError(f"source {one.key} is withdrawn and yet counts")

    def _keys_named(self) -> set[str]:
        named = {position.guideline for position in self.positions}
        named |= {key for caution in self.cautions for key in caution.sources}
        named |= {key for claim in self.claims for key in (*claim.evidence, claim.source)}
        return named | self.retracted

    @cached_property
    def _by_key(self) -> dict[str, Source]:
        return {source.key: source for source in self.sources}

    @cached_property
    def _entries(self) -> dict[EntryKind, dict[str, Entry]]:
        return {
            EntryKind.SOURCE: {**self._by_key},
            EntryKind.POSITION: {**self._by_id},
            EntryKind.CAUTION: {one.key: one for one in self.cautions},
            EntryKind.CLAIM: {one.id: one for one in self.claims},
        }

    @cached_property
    def _withdrawn(self) -> dict[tuple[EntryKind, str], Withdrawal]:
        return {(one.entry, one.key): one for one in self.withdrawals}

    @cached_property
    def _by_id(self) -> dict[str, Position]:
        return {position.id: position for position in self.positions}

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the sorted-key, compact JSON of this evidence without its release name."""
        content = self.model_dump(mode="json", exclude={"release"})
        content["retracted"] = sorted(content["retracted"])
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash((self.release, self.sha256))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EvidenceBase):
            return NotImplemented
        return (self.release, self.sha256) == (other.release, other.sha256)

    def has_source(self, key: str) -> bool:
        """Whether a source of this key exists, retracted or not."""
        return key in self._by_key

    def has_position(self, position_id: str) -> bool:
        """Whether a position of this id exists."""
        return position_id in self._by_id

    def source(self, key: str) -> Source:
        """The source of this key. Raises KeyError when there is none."""
        return self._by_key[key]

    def position(self, position_id: str) -> Position:
        """The position of this id. Raises KeyError when there is none."""
        return self._by_id[position_id]

    def is_retracted(self, key: str) -> bool:
        """Whether the source of this key supports nothing any more."""
        return key in self.retracted

    def entry(self, kind: EntryKind, key: str) -> Entry | None:
        """The entry of this kind and key (or id); None when there is none."""
        return self._entries[kind].get(key)

    def entries(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Every entry of a kind, in order, withdrawn ones included."""
        return tuple(self._entries[kind].values())

    def withdrawal(self, kind: EntryKind, key: str) -> Withdrawal | None:
        """Why and since when an entry no longer counts; None where it counts."""
        return self._withdrawn.get((kind, key))

    def is_position_withdrawn(self, position_id: str) -> bool:
        """Whether a position supports nothing: withdrawn itself, or its guideline is."""
        itself = self.withdrawal(EntryKind.POSITION, position_id)
        return itself is not None or self.is_retracted(self.position(position_id).guideline)

    def with_retracted(self, keys: frozenset[str]) -> EvidenceBase:
        """This evidence as if these sources, too, were retracted.

        Raises pydantic.ValidationError when a key does not exist.
        """
        return self.changed(retracted=self.retracted | keys)

    def changed(self, **fields: object) -> EvidenceBase:
        """This evidence with other fields, checked. (`model_copy` would keep what was cached.)

        Raises pydantic.ValidationError when a key occurs twice or does not exist.
        """
        now = {name: getattr(self, name) for name in type(self).model_fields}
        changed = EvidenceBase.model_validate({**now, **fields})
        if fields.keys() == {"release"}:  # which is no part of what is hashed
            changed.__dict__["sha256"] = self.sha256
        return changed
