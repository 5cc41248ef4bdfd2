"""The terms of the evidence: every value that a field can take where not every text will do.

Each with its label. Their order is that of forms, and of the stored choices.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A value, and how pages say it."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Let the value alone be what is stored, compared and found: Kind("rct")."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        return term

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Each value with its label, for forms and models."""
        return [(one.value, one.label) for one in cls]

    @classmethod
    def values(cls) -> list[str]:
        """Each value as it is stored."""
        return [one.value for one in cls]


class Kind(Term):
    """What sort of source this is."""

    SYSTEMATIC_REVIEW = "systematic_review", "Systematic review"
    META_ANALYSIS = "meta_analysis", "Meta-analysis"
    RCT = "rct", "Randomized trial"
    COHORT = "cohort", "Cohort study"
    RETROSPECTIVE = "retrospective", "Retrospective study"
    CASE_SERIES = "case_series", "Case series"
    CASE_REPORT = "case_report", "Case report"
    NARRATIVE_REVIEW = "narrative_review", "Narrative review"
    GUIDELINE = "guideline", "Guideline"
    CONSENSUS = "consensus", "Consensus statement"
    LABEL = "label", "Product label"
    REGULATORY = "regulatory", "Regulator or payer"
    SAFETY_COMMUNICATION = "safety_communication", "Safety communication"
    TRIAL_REGISTRATION = "trial_registration", "Trial registration"
    CLINIC_WEB_PAGE = "clinic_web_page", "Clinic web page"


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


class Certainty(Term):
    """GRADE-style certainty of a source."""

    HIGH = "high", "High certainty"
    MODERATE = "moderate", "Moderate certainty"
    LOW = "low", "Low certainty"
    VERY_LOW = "very_low", "Very low certainty"


class Verified(Term):
    """How far a source was read. Nothing is shown as better checked."""

    FULL_TEXT = "full_text", "Full text read"
    ABSTRACT = "abstract", "Abstract read"
    SECONDARY = "secondary", "Quoted elsewhere"
    UNVERIFIED = "unverified", "Not verified"


class Stance(Term):
    """What a guideline does about a treatment."""

    LINE = "line", "Gives it a line"
    NO_LINE = "no_line", "Advises, without a line"
    SILENT = "silent", "Silent: does not mention it"
    NOT_READ = "not_read", "Not read"


class Line(Term):
    """The place that a guideline gives to a treatment."""

    FIRST = "first", "First line"
    SECOND = "second", "Second line"
    THIRD = "third", "Third line"
    RECOMMENDED = "recommended", "Recommended"
    OPTIONAL = "optional", "May be offered"
    NOT_RECOMMENDED = "not_recommended", "Not recommended"
    INSUFFICIENT = "insufficient", "Insufficient evidence"


class BearsOn(Term):
    """The question that a source helps to answer."""

    KETAMINE_EFFICACY = "ketamine_efficacy", "Whether ketamine works"
    TMS_EFFICACY = "tms_efficacy", "Whether TMS works"
    TMS_RETREATMENT = "tms_retreatment", "Repeat TMS"
    COMBINATION_EFFICACY = "combination_efficacy", "Whether both at once works"
    COMBINATION_SAFETY = "combination_safety", "Safety of both at once"
    SEQUENCE = "sequence", "Which one first"
    SCHEDULING = "scheduling", "Timing of sessions and doses"
    DURABILITY = "durability", "How long it lasts"
    CONTRAINDICATION = "contraindication", "Contraindications"
    DRUG_INTERACTION = "drug_interaction", "Other medicines"
    SUICIDALITY = "suicidality", "Suicidal thoughts"
    ACCESS_COST = "access_cost", "Access and cost"
    MECHANISM = "mechanism", "How it may work"


class ClaimStatus(Term):
    """Whether its sources support a claim."""

    SUPPORTED = "supported", "Supported"
    PARTLY_SUPPORTED = "partly_supported", "Partly supported"
    OVERSTATED = "overstated", "Overstated"
    UNSUPPORTED = "unsupported", "Unsupported"
    UNVERIFIED = "unverified", "Not verified"


class CertaintyDomain(Term):
    """What lowers the certainty of a body of evidence, and what raises it (GRADE)."""

    RISK_OF_BIAS = "risk_of_bias", "Risk of bias"
    INCONSISTENCY = "inconsistency", "Inconsistency"
    INDIRECTNESS = "indirectness", "Indirectness"
    IMPRECISION = "imprecision", "Imprecision"
    PUBLICATION_BIAS = "publication_bias", "Publication bias"
    LARGE_EFFECT = "large_effect", "Large effect"
    DOSE_RESPONSE = "dose_response", "Dose response"
    CONFOUNDING = "confounding", "Confounding works against the effect"


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


class Judgment(Term):
    """What was found in one domain of certainty (GRADE)."""

    NOT_SERIOUS = "not_serious", "Not serious"
    SERIOUS = "serious", "Serious"
    VERY_SERIOUS = "very_serious", "Very serious"
    RAISES = "raises", "Raises certainty"


class TmsResponders(Term):
    """Whether a study includes people whom TMS helped before."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNCLEAR = "unclear", "Not clear from what was read"


class EntryKind(StrEnum):
    """The kinds of entry that the evidence is made of."""

    SOURCE = "source"
    POSITION = "position"
    CAUTION = "caution"
    CLAIM = "claim"


class WithdrawnAs(Term):
    """Why an entry no longer counts."""

    RETRACTED = "retracted", "Retracted"
    SUPERSEDED = "superseded", "Superseded by a newer one"
    WRONG = "wrong", "Recorded in error"


class Treatment(Term):
    """What a position speaks of."""

    RTMS = "rtms", "rTMS"
    ITBS = "itbs", "Theta burst TMS"
    DEEP_TMS = "deep_tms", "Deep TMS"
    IV_KETAMINE = "iv_ketamine", "Intravenous ketamine"
    INTRANASAL_ESKETAMINE = "intranasal_esketamine", "Intranasal esketamine"
    ORAL_KETAMINE = "oral_ketamine", "Oral or other non-intravenous ketamine"
    COMBINATION = "combination", "Both at once or in sequence"
    ECT = "ect", "ECT"


class AppliesTo(Term):
    """The treatment that a caution is about."""

    KETAMINE = "ketamine", "Ketamine"
    ESKETAMINE = "esketamine", "Esketamine"
    TMS = "tms", "TMS"
    BOTH = "both", "Ketamine and TMS"


class Strength(Term):
    """How strong a caution is."""

    CONTRAINDICATION = "contraindication", "Contraindication"
    SPECIALIST_REVIEW = "specialist_review", "Specialist review first"
    PRECAUTION = "precaution", "Precaution"
    INTERACTION = "interaction", "Interaction"
