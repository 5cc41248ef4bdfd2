"""The evidence as rows: what was loaded, what curators changed, and its releases."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evidence.constraints import one_of
from evidence.doi_field import DoiField
from evidence.domain import terms
from evidence.feed_models import FeedAddress
from evidence.kept import KEY_SHAPE, LAST_DAY, Kept
from evidence.release_models import Release
from evidence.result_models import Result
from evidence.search_models import SearchIndex, SearchTerm

__all__ = [
    "Caution",
    "CautionSource",
    "Claim",
    "ClaimSource",
    "FeedAddress",
    "Position",
    "Release",
    "Result",
    "SearchIndex",
    "SearchTerm",
    "Source",
]


class Source(Kept):
    """A study, guideline, label or page, with how far it was read. Fields as in the dossier."""

    key = models.CharField(
        max_length=80,
        primary_key=True,
        validators=[KEY_SHAPE],
        help_text="Rules and letters cite this key. It never changes.",
    )
    kind = models.CharField(max_length=30, choices=terms.Kind.choices())
    short_name = models.CharField(
        max_length=80,
        blank=True,
        help_text="Name for citing, where first author and year would not do: CANMAT 2024.",
    )
    title = models.TextField(blank=True)
    authors = models.JSONField(
        default=list, blank=True, help_text="One a line, as printed: Philip NS."
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of publication; leave open where none was seen."
    )
    journal = models.CharField(max_length=200, blank=True)
    volume = models.CharField(max_length=40, blank=True)
    issue = models.CharField(max_length=40, blank=True)
    pages = models.CharField(max_length=40, blank=True)
    doi = DoiField("DOI", max_length=120, blank=True, help_text="Without https://doi.org/")
    pmid = models.CharField("PubMed id", max_length=12, blank=True)
    pmcid = models.CharField("PubMed Central id", max_length=15, blank=True)
    url = models.CharField("address", max_length=1000, blank=True)
    population = models.TextField(blank=True, help_text="Who was studied.")
    n = models.PositiveIntegerField(
        "number of people", null=True, blank=True, help_text="Enrolled, as the source says."
    )
    intervention = models.TextField(blank=True)
    comparator = models.TextField(blank=True)
    adverse_events = models.TextField(blank=True)
    findings = models.TextField(blank=True, help_text="What it found, in your own words.")
    limitations = models.TextField(blank=True, help_text="What limits it, in your own words.")
    note = models.TextField(
        blank=True, help_text="For curators: odd numbers, where a title is from."
    )
    bears_on = models.JSONField(default=list, blank=True)
    certainty = models.CharField(
        max_length=20,
        blank=True,
        choices=terms.Certainty.choices(),
        help_text="GRADE-style. A reason never weighs more than its best study allows.",
    )
    certainty_why = models.TextField(blank=True)
    verified = models.CharField(
        "how far read",
        max_length=20,
        choices=terms.Verified.choices(),
        help_text="Nothing is shown as better checked than it was.",
    )
    checked_at = models.JSONField(
        default=list, blank=True, help_text="Where the copies were seen, one a line."
    )
    certainty_reasons = models.JSONField(default=list, blank=True)
    funding = models.TextField(blank=True, help_text="Who paid for it, as the source says.")
    conflicts = models.TextField(
        "conflicts of interest", blank=True, help_text="As the source declares them."
    )
    includes_tms_responders = models.CharField(
        "includes people whom TMS helped",
        max_length=10,
        blank=True,
        choices=terms.TmsResponders.choices(),
    )
    review_by = models.DateField(
        null=True, blank=True, help_text="When it is to be looked at again."
    )
    doubts = models.JSONField(
        default=list, blank=True, help_text="What a curator should look into, one a line."
    )
    valid_until = models.DateField(null=True, blank=True, help_text=LAST_DAY)
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        constraints = [
            *Kept.Meta.constraints,
            one_of("kind", terms.Kind.values(), "source_kind_known"),
            one_of("certainty", terms.Certainty.values(), "source_certainty_known", or_blank=True),
            one_of("verified", terms.Verified.values(), "source_verified_known"),
            one_of(
                "includes_tms_responders",
                terms.TmsResponders.values(),
                "source_tms_responders_known",
                or_blank=True,
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Position(Kept):
    """What one body says of one treatment in one indication."""

    id = models.CharField(max_length=80, primary_key=True, validators=[KEY_SHAPE])
    guideline = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="positions")
    organisation = models.CharField("body", max_length=120)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    treatment = models.CharField(max_length=40, choices=terms.Treatment.choices())
    indication = models.CharField(max_length=300)
    stance = models.CharField(
        max_length=20,
        choices=terms.Stance.choices(),
        help_text="Silence is shown as silence, an unread text as not read.",
    )
    line = models.CharField(
        max_length=20,
        blank=True,
        choices=terms.Line.choices(),
        help_text="Only, and always, with the stance “Gives it a line”.",
    )
    level_of_evidence = models.CharField(max_length=120, blank=True, help_text="As printed.")
    grade = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="The guideline's own level as a number, 1 the best; open where it gave none.",
    )
    statement = models.TextField(blank=True)
    verified = models.CharField("how far read", max_length=20, choices=terms.Verified.choices())
    checked_at = models.JSONField(default=list, blank=True, help_text="One a line.")
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        constraints = [
            *Kept.Meta.constraints,
            one_of("stance", terms.Stance.values(), "position_stance_known"),
            one_of("line", terms.Line.values(), "position_line_known", or_blank=True),
            one_of("verified", terms.Verified.values(), "position_verified_known"),
            models.CheckConstraint(
                condition=(Q(stance=terms.Stance.LINE.value) & ~Q(line=""))
                | (~Q(stance=terms.Stance.LINE.value) & Q(line="")),
                name="position_line_only_with_its_stance",
                violation_error_message="Give a line exactly when the stance is “Gives it a line”.",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__gte=1, grade__lte=5),
                name="position_grade_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Caution(Kept):
    """A contraindication, review, precaution or interaction with its sources."""

    key = models.CharField(max_length=80, primary_key=True, validators=[KEY_SHAPE])
    applies_to = models.CharField(max_length=20, choices=terms.AppliesTo.choices())
    strength = models.CharField(max_length=20, choices=terms.Strength.choices())
    condition = models.TextField()
    why = models.TextField()
    verified = models.CharField("how far read", max_length=20, choices=terms.Verified.choices())
    valid_until = models.DateField(null=True, blank=True, help_text=LAST_DAY)
    sources = models.ManyToManyField(Source, through="CautionSource", related_name="cautions")
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        constraints = [
            *Kept.Meta.constraints,
            one_of("applies_to", terms.AppliesTo.values(), "caution_treatment_known"),
            one_of("strength", terms.Strength.values(), "caution_strength_known"),
            one_of("verified", terms.Verified.values(), "caution_verified_known"),
        ]

    def __str__(self) -> str:
        return self.key


class CautionSource(models.Model):
    """A source of a caution, in the order of citing."""

    caution = models.ForeignKey(Caution, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["caution", "source"], name="caution_cites_once")
        ]

    def __str__(self) -> str:
        return f"{self.caution_id}: {self.source_id}"


class Claim(Kept):
    """A sentence that somebody published, beside what the evidence shows."""

    id = models.CharField(max_length=80, primary_key=True, validators=[KEY_SHAPE])
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="claims_made", help_text="Who published it."
    )
    claim = models.TextField()
    status = models.CharField(max_length=20, choices=terms.ClaimStatus.choices())
    why = models.TextField(help_text="What the sources show, in your own words.")
    evidence = models.ManyToManyField(Source, through="ClaimSource", related_name="claims")

    history = HistoricalRecords()

    class Meta(Kept.Meta):
        constraints = [
            *Kept.Meta.constraints,
            one_of("status", terms.ClaimStatus.values(), "claim_status_known"),
        ]

    def __str__(self) -> str:
        return self.id


class ClaimSource(models.Model):
    """A source that a claim is held against, in the order of citing."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "source"], name="claim_cites_once")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.source_id}"
