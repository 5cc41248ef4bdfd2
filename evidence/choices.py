"""The words for the values of the evidence, as choices of forms and labels of pages."""

from __future__ import annotations

from django.db import models

from evidence.domain import entries as domain


class Kind(models.TextChoices):
    """What sort of source this is."""

    SYSTEMATIC_REVIEW = domain.Kind.SYSTEMATIC_REVIEW.value, "Systematic review"
    META_ANALYSIS = domain.Kind.META_ANALYSIS.value, "Meta-analysis"
    RCT = domain.Kind.RCT.value, "Randomized trial"
    COHORT = domain.Kind.COHORT.value, "Cohort study"
    RETROSPECTIVE = domain.Kind.RETROSPECTIVE.value, "Retrospective study"
    CASE_SERIES = domain.Kind.CASE_SERIES.value, "Case series"
    CASE_REPORT = domain.Kind.CASE_REPORT.value, "Case report"
    NARRATIVE_REVIEW = domain.Kind.NARRATIVE_REVIEW.value, "Narrative review"
    GUIDELINE = domain.Kind.GUIDELINE.value, "Guideline"
    CONSENSUS = domain.Kind.CONSENSUS.value, "Consensus statement"
    LABEL = domain.Kind.LABEL.value, "Product label"
    REGULATORY = domain.Kind.REGULATORY.value, "Regulator or payer"
    SAFETY_COMMUNICATION = domain.Kind.SAFETY_COMMUNICATION.value, "Safety communication"
    TRIAL_REGISTRATION = domain.Kind.TRIAL_REGISTRATION.value, "Trial registration"
    CLINIC_WEB_PAGE = domain.Kind.CLINIC_WEB_PAGE.value, "Clinic web page"


class Certainty(models.TextChoices):
    """GRADE-style certainty."""

    HIGH = domain.Certainty.HIGH.value, "High certainty"
    MODERATE = domain.Certainty.MODERATE.value, "Moderate certainty"
    LOW = domain.Certainty.LOW.value, "Low certainty"
    VERY_LOW = domain.Certainty.VERY_LOW.value, "Very low certainty"


class Verified(models.TextChoices):
    """How far it was read."""

    FULL_TEXT = domain.Verified.FULL_TEXT.value, "Full text read"
    ABSTRACT = domain.Verified.ABSTRACT.value, "Abstract read"
    SECONDARY = domain.Verified.SECONDARY.value, "Quoted elsewhere"
    UNVERIFIED = domain.Verified.UNVERIFIED.value, "Not verified"


class BearsOn(models.TextChoices):
    """The question that a source helps to answer."""

    KETAMINE_EFFICACY = domain.BearsOn.KETAMINE_EFFICACY.value, "Whether ketamine works"
    TMS_EFFICACY = domain.BearsOn.TMS_EFFICACY.value, "Whether TMS works"
    TMS_RETREATMENT = domain.BearsOn.TMS_RETREATMENT.value, "Repeat TMS"
    COMBINATION_EFFICACY = domain.BearsOn.COMBINATION_EFFICACY.value, "Whether both at once works"
    COMBINATION_SAFETY = domain.BearsOn.COMBINATION_SAFETY.value, "Safety of both at once"
    SEQUENCE = domain.BearsOn.SEQUENCE.value, "Which one first"
    SCHEDULING = domain.BearsOn.SCHEDULING.value, "Timing of sessions and doses"
    DURABILITY = domain.BearsOn.DURABILITY.value, "How long it lasts"
    CONTRAINDICATION = domain.BearsOn.CONTRAINDICATION.value, "Contraindications"
    DRUG_INTERACTION = domain.BearsOn.DRUG_INTERACTION.value, "Other medicines"
    SUICIDALITY = domain.BearsOn.SUICIDALITY.value, "Suicidal thoughts"
    ACCESS_COST = domain.BearsOn.ACCESS_COST.value, "Access and cost"
    MECHANISM = domain.BearsOn.MECHANISM.value, "How it may work"


class Stance(models.TextChoices):
    """What a guideline does about a treatment."""

    LINE = domain.Stance.LINE.value, "Gives it a line"
    NO_LINE = domain.Stance.NO_LINE.value, "Advises, without a line"
    SILENT = domain.Stance.SILENT.value, "Silent: does not mention it"
    NOT_READ = domain.Stance.NOT_READ.value, "Not read"


class Line(models.TextChoices):
    """The place that a guideline gives to a treatment."""

    FIRST = domain.Line.FIRST.value, "First line"
    SECOND = domain.Line.SECOND.value, "Second line"
    THIRD = domain.Line.THIRD.value, "Third line"
    RECOMMENDED = domain.Line.RECOMMENDED.value, "Recommended"
    OPTIONAL = domain.Line.OPTIONAL.value, "May be offered"
    NOT_RECOMMENDED = domain.Line.NOT_RECOMMENDED.value, "Not recommended"
    INSUFFICIENT = domain.Line.INSUFFICIENT.value, "Insufficient evidence"


class ClaimStatus(models.TextChoices):
    """How a claim stands beside what its sources show."""

    SUPPORTED = domain.ClaimStatus.SUPPORTED.value, "Supported"
    PARTLY_SUPPORTED = domain.ClaimStatus.PARTLY_SUPPORTED.value, "Partly supported"
    OVERSTATED = domain.ClaimStatus.OVERSTATED.value, "Overstated"
    UNSUPPORTED = domain.ClaimStatus.UNSUPPORTED.value, "Unsupported"
    UNVERIFIED = domain.ClaimStatus.UNVERIFIED.value, "Not verified"


class Treatment(models.TextChoices):
    """What a position speaks of."""

    RTMS = "rtms", "rTMS"
    ITBS = "itbs", "Theta burst TMS"
    DEEP_TMS = "deep_tms", "Deep TMS"
    IV_KETAMINE = "iv_ketamine", "Intravenous ketamine"
    INTRANASAL_ESKETAMINE = "intranasal_esketamine", "Intranasal esketamine"
    ORAL_KETAMINE = "oral_ketamine", "Oral or other non-intravenous ketamine"
    COMBINATION = "combination", "Both at once or in sequence"
    ECT = "ect", "ECT"


class AppliesTo(models.TextChoices):
    """The treatment that a caution is about."""

    KETAMINE = "ketamine", "Ketamine"
    ESKETAMINE = "esketamine", "Esketamine"
    TMS = "tms", "TMS"
    BOTH = "both", "Ketamine and TMS"


class Strength(models.TextChoices):
    """How strong a caution is."""

    CONTRAINDICATION = "contraindication", "Contraindication"
    SPECIALIST_REVIEW = "specialist_review", "Specialist review first"
    PRECAUTION = "precaution", "Precaution"
    INTERACTION = "interaction", "Interaction"


class WithdrawnAs(models.TextChoices):
    """Why an entry counts no more."""

    RETRACTED = domain.WithdrawnAs.RETRACTED.value, "Retracted"
    SUPERSEDED = domain.WithdrawnAs.SUPERSEDED.value, "Superseded by a newer one"
    WRONG = domain.WithdrawnAs.WRONG.value, "Recorded in error"


class TmsResponders(models.TextChoices):
    """Whether a study includes people whom TMS helped before."""

    YES = domain.TmsResponders.YES.value, "Yes"
    NO = domain.TmsResponders.NO.value, "No"
    UNCLEAR = domain.TmsResponders.UNCLEAR.value, "Not clear from what was read"


class CertaintyDomain(models.TextChoices):
    """What lowers or raises certainty (GRADE)."""

    RISK_OF_BIAS = domain.CertaintyDomain.RISK_OF_BIAS.value, "Risk of bias"
    INCONSISTENCY = domain.CertaintyDomain.INCONSISTENCY.value, "Inconsistency"
    INDIRECTNESS = domain.CertaintyDomain.INDIRECTNESS.value, "Indirectness"
    IMPRECISION = domain.CertaintyDomain.IMPRECISION.value, "Imprecision"
    PUBLICATION_BIAS = domain.CertaintyDomain.PUBLICATION_BIAS.value, "Publication bias"
    LARGE_EFFECT = domain.CertaintyDomain.LARGE_EFFECT.value, "Large effect"
    DOSE_RESPONSE = domain.CertaintyDomain.DOSE_RESPONSE.value, "Dose response"
    CONFOUNDING = domain.CertaintyDomain.CONFOUNDING.value, "Confounding works against the effect"


class Judgment(models.TextChoices):
    """What was found in one domain of certainty."""

    NOT_SERIOUS = domain.Judgment.NOT_SERIOUS.value, "Not serious"
    SERIOUS = domain.Judgment.SERIOUS.value, "Serious"
    VERY_SERIOUS = domain.Judgment.VERY_SERIOUS.value, "Very serious"
    RAISES = domain.Judgment.RAISES.value, "Raises certainty"
