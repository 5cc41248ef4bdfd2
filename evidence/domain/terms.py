"""The terms of the evidence: every value that a field can take where not every text will do."""

from __future__ import annotations

from enum import StrEnum


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


class ClaimStatus(StrEnum):
    """How a claim stands beside what its sources show."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    UNVERIFIED = "unverified"


class CertaintyDomain(StrEnum):
    """What lowers the certainty of a body of evidence, and what raises it (GRADE)."""

    RISK_OF_BIAS = "risk_of_bias"
    INCONSISTENCY = "inconsistency"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    PUBLICATION_BIAS = "publication_bias"
    LARGE_EFFECT = "large_effect"
    DOSE_RESPONSE = "dose_response"
    CONFOUNDING = "confounding"


LOWERING = frozenset(
    {
        CertaintyDomain.RISK_OF_BIAS,
        CertaintyDomain.INCONSISTENCY,
        CertaintyDomain.INDIRECTNESS,
        CertaintyDomain.IMPRECISION,
        CertaintyDomain.PUBLICATION_BIAS,
    }
)
"""The domains that can lower certainty; the others can raise it."""


class Judgment(StrEnum):
    """What was found in one domain of certainty (GRADE)."""

    NOT_SERIOUS = "not_serious"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"
    RAISES = "raises"


class TmsResponders(StrEnum):
    """Whether a study includes people whom TMS helped before."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class EntryKind(StrEnum):
    """The kinds of entry that the evidence is made of."""

    SOURCE = "source"
    POSITION = "position"
    CAUTION = "caution"
    CLAIM = "claim"


class WithdrawnAs(StrEnum):
    """Why an entry counts no more."""

    RETRACTED = "retracted"
    SUPERSEDED = "superseded"
    WRONG = "wrong"
