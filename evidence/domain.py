"""The evidence as frozen values: sources, guideline positions, cautions and claims.

Names and units are those of the dossier (`evidence/dossier/*.yaml`, whose headers
define every field). Nothing here knows of a database or of a rule.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Frozen(BaseModel):
    """A value that refuses unknown fields and cannot be changed once built."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What sort of source this is."""

    SYSTEMATIC_REVIEW = "systematic_review"
    META_ANALYSIS = "meta_analysis"
    RCT = "rct"
    COHORT = "cohort"
    RETROSPECTIVE = "retrospective"
    CASE_SERIES = "case_series"
    CASE_REPORT = "case_report"
    NARRATIVE_REVIEW = "narrative_review"
    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    LABEL = "label"
    REGULATORY = "regulatory"
    SAFETY_COMMUNICATION = "safety_communication"
    TRIAL_REGISTRATION = "trial_registration"
    CLINIC_WEB_PAGE = "clinic_web_page"


STUDIES = frozenset(
    {
        Kind.SYSTEMATIC_REVIEW,
        Kind.META_ANALYSIS,
        Kind.RCT,
        Kind.COHORT,
        Kind.RETROSPECTIVE,
        Kind.CASE_SERIES,
        Kind.CASE_REPORT,
        Kind.NARRATIVE_REVIEW,
    }
)
"""The kinds that can support a rule by their certainty; all others are shown and lift nothing."""


class Certainty(StrEnum):
    """GRADE-style certainty of a source."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class Verified(StrEnum):
    """How far a source was read. Nothing is shown as better checked."""

    FULL_TEXT = "full_text"
    ABSTRACT = "abstract"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class Stance(StrEnum):
    """What a guideline does about a treatment."""

    LINE = "line"
    NO_LINE = "no_line"
    SILENT = "silent"
    NOT_READ = "not_read"


class Line(StrEnum):
    """The place that a guideline gives to a treatment."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    NOT_RECOMMENDED = "not_recommended"
    INSUFFICIENT = "insufficient"


class BearsOn(StrEnum):
    """The question that a source helps to answer."""

    KETAMINE_EFFICACY = "ketamine_efficacy"
    TMS_EFFICACY = "tms_efficacy"
    CONTRAINDICATION = "contraindication"
    DURABILITY = "durability"
    SEQUENCE = "sequence"
    DRUG_INTERACTION = "drug_interaction"
    TMS_RETREATMENT = "tms_retreatment"
    SCHEDULING = "scheduling"
    COMBINATION_EFFICACY = "combination_efficacy"
    COMBINATION_SAFETY = "combination_safety"
    ACCESS_COST = "access_cost"
    MECHANISM = "mechanism"
    SUICIDALITY = "suicidality"


class Result(Frozen):
    """One number, range or statement that a source reports.

    `value` is a number in `unit`; else `value_low` to `value_high`, or `value_text` as
    printed. `events` of `total` are counts of people. `p` is text as printed. Odd
    printed numbers are kept and named in `note`.
    """

    measure: Text
    arm: str | None = None
    timepoint: str | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    value_text: str | None = None
    sd: float | None = None
    events: int | None = None
    total: int | None = None
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: str | None = None
    note: str | None = None


class Source(Frozen):
    """A study, guideline, label or page, with what it found and how far it was read."""

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

    @property
    def label(self) -> str:
        """The name under which the source is cited: "Philip 2016", "CANMAT 2024"."""
        if self.short_name is not None:
            return self.short_name
        year = "n.d." if self.year is None else str(self.year)
        if self.authors:
            return f"{self.authors[0].rsplit(' ', 1)[0]} {year}"
        return f"{self.title or self.key} ({year})"


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
    """A contraindication, review, precaution or interaction with its sources."""

    key: Key
    applies_to: Text
    strength: Text
    condition: Text
    why: Text
    sources: tuple[Key, ...]
    verified: Verified


class ClaimStatus(StrEnum):
    """How a claim stands beside what its sources show."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    UNVERIFIED = "unverified"


class Claim(Frozen):
    """A sentence that somebody published, beside what the evidence shows."""

    id: Key
    claim: Text
    status: ClaimStatus
    why: Text
    evidence: tuple[Key, ...] = ()
    source: Key


class EvidenceBase(Frozen):
    """All evidence that a decision rests on, under one release name.

    `retracted` names sources that support nothing any more; positions of a retracted
    guideline fall with it.
    Raises pydantic.ValidationError when a key occurs twice or does not exist.
    """

    release: Text
    sources: tuple[Source, ...]
    positions: tuple[Position, ...] = ()
    cautions: tuple[Caution, ...] = ()
    claims: tuple[Claim, ...] = ()
    retracted: frozenset[Key] = frozenset()

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
            raise ValueError(f"no source has the key {', '.join(unknown)}: add it or mend the key")
        return self

    def _keys_named(self) -> set[str]:
        named = {position.guideline for position in self.positions}
        named |= {key for caution in self.cautions for key in caution.sources}
        named |= {key for claim in self.claims for key in (*claim.evidence, claim.source)}
        return named | self.retracted

    @cached_property
    def _by_key(self) -> dict[str, Source]:
        return {source.key: source for source in self.sources}

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

    def with_retracted(self, keys: frozenset[str]) -> EvidenceBase:
        """This evidence as if these sources, too, were retracted.

        Raises pydantic.ValidationError when a key does not exist.
        """
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return EvidenceBase(**{**fields, "retracted": self.retracted | keys})
