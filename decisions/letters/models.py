"""Letters: the facts they need besides the answers, drafts, and what was signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from decisions.cases.models import Case, Decision
from decisions.consents.models import Consent
from decisions.letters.disclosure.models import EmergencyDisclosure
from decisions.letters.finding.copy_digests import CopyDigest, of_signed
from decisions.letters.signer_tasks.models import LetterTask
from kapnet.core.directory.models import Site
from kapnet.core.encryption.blind_index import BlindIndexField, write_mirror
from kapnet.core.encryption.fields import (
    EncryptedBinaryField,
    EncryptedCharField,
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
)
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic
from kapnet.core.web.once import OnceField, once_a_form

__all__ = [
    "CopyDigest",
    "EmergencyDisclosure",
    "Letter",
    "LetterFacts",
    "LetterTask",
    "Seal",
    "YesNo",
]

NUMBER_PREFIX = "L"


class YesNo(models.TextChoices):
    """A fact that is asked for; empty while nobody has said anything."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


class LetterFacts(OfAClinic):
    """What a letter says of a patient and the questionnaire does not ask. One row a case."""

    case = ClinicOneToOneField(Case, on_delete=models.CASCADE, related_name="letter_facts")
    diagnosis_code = EncryptedCharField("diagnosis code", max_length=60, blank=True)
    specifier = EncryptedCharField(max_length=200, blank=True)
    diagnosis_by = EncryptedCharField("who made the diagnosis, and how", max_length=200, blank=True)
    episode_start = EncryptedCharField("start of this episode", max_length=60, blank=True)
    suicide_method = EncryptedCharField("how suicide risk was asked", max_length=120, blank=True)
    suicide_assessed_on = EncryptedDateField(null=True, blank=True)
    safety_plan = models.CharField(max_length=9, choices=YesNo.choices, blank=True)
    means_safety = models.CharField(max_length=9, choices=YesNo.choices, blank=True)
    language = EncryptedCharField("language and interpreter", max_length=120, blank=True)
    accessibility = EncryptedCharField(max_length=200, blank=True)
    emergency_contact = EncryptedCharField(max_length=200, blank=True)
    patient_contact = EncryptedCharField(max_length=200, blank=True)
    allergies = EncryptedCharField(max_length=400, blank=True)
    medicines = EncryptedTextField("medicines with doses", blank=True)
    trials = EncryptedTextField("treatments in this episode", blank=True)
    tms_details = EncryptedCharField("TMS target, protocol, dates", max_length=400, blank=True)
    earlier_scores = EncryptedCharField(max_length=400, blank=True)
    medical = EncryptedTextField("medical history and results, with dates", blank=True)
    ptsd = models.CharField(max_length=9, choices=YesNo.choices, blank=True)
    eating_disorder = models.CharField(max_length=9, choices=YesNo.choices, blank=True)
    goals = EncryptedTextField("what the patient hopes for and worries about", blank=True)
    told = EncryptedTextField("what the patient was told", blank=True)
    sheet_given = models.CharField(
        "decision aid given to the patient, with its version", max_length=120, blank=True
    )
    sheet_given_on = models.DateField("day on which it was given", null=True, blank=True)
    other = EncryptedTextField(blank=True)
    # Nullable: they came later, and SQLite adds such a column without a new table.
    sex = EncryptedCharField("sex, as recorded", max_length=40, null=True, blank=True)
    address = EncryptedCharField("address", max_length=200, null=True, blank=True)
    payer = EncryptedCharField("payer", max_length=120, null=True, blank=True)
    member_number = EncryptedCharField("member number", max_length=60, null=True, blank=True)
    product = EncryptedCharField(
        "product and codes asked for", max_length=200, null=True, blank=True
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "letter facts"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "case"], name="letter_facts_once_a_case"),
        ]

    def __str__(self) -> str:
        return f"Facts for letters of {self.case_id}"


SIGNED_PARTS = ("content", "pdf", "signed_at", "signed_by")


def _signed_has_all_or_nothing() -> models.Q:
    """A signed letter has its content, PDF, hash, time and signer; a draft has none of them."""
    nothing = {f"{part}__isnull": True for part in SIGNED_PARTS}
    everything = {f"{part}__isnull": False for part in SIGNED_PARTS}
    return models.Q(status="draft", pdf_sha256="", **nothing) | (
        models.Q(status="signed", **everything) & ~models.Q(pdf_sha256="")
    )


class Letter(OfAClinic):
    """A referral letter. Once signed the database refuses to change or remove it."""

    class Status(models.TextChoices):
        """Whether it can still be changed."""

        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"

    class Kind(models.TextChoices):
        """What is asked of the recipient."""

        ASSESS = "assess", "Assess"
        TREAT = "treat", "Treat"
        ADVISE = "advise", "Advise"

    class HowSoon(models.TextChoices):
        """How soon it is asked."""

        DAYS = "days", "Within days"
        WEEKS = "weeks", "Within two to three weeks"
        CAN_WAIT = "can_wait", "Within four to six weeks"
        NOT_KNOWN = "not_known", "Not known"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="letters")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    decision = ClinicForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField(help_text="Counts within clinic and year, from 1.")
    recipient_name = models.CharField("name", max_length=120, blank=True)
    recipient_organization = models.CharField("organization", max_length=160, blank=True)
    recipient_address = models.TextField("address", blank=True)
    recipient_phone = models.CharField("phone", max_length=40, blank=True)
    recipient_secure_reply = models.CharField("secure reply route", max_length=200, blank=True)
    recipient_site = ClinicForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    copies = EncryptedCharField("copies to", max_length=400, blank=True)
    copies_index = BlindIndexField(of=("copies",), mirror="copy_digests", null=True)
    request_kind = models.CharField("what you ask", max_length=6, choices=Kind.choices, blank=True)
    request_option = models.CharField(
        "for which option", max_length=12, choices=Decision.Chosen.choices, blank=True
    )
    request_how_soon = models.CharField(
        "how soon", max_length=9, choices=HowSoon.choices, blank=True
    )
    reply_by = models.DateField("reply by", null=True, blank=True)
    reasoning = EncryptedTextField("your own reasoning", blank=True)
    # Nullable: SQLite would build the table again, and lose the triggers that guard signed letters.
    questions = EncryptedTextField("your questions to the reader", null=True, blank=True)
    goals = EncryptedTextField(
        "what the patient hopes for and worries about",
        null=True,
        blank=True,
        help_text="As this letter says it; empty where it says what the facts of the case say.",
    )
    coordinator_name = EncryptedCharField("who leads", max_length=120, blank=True)
    coordinator_phone = EncryptedCharField("their phone number", max_length=40, blank=True)
    coordinator_what = EncryptedTextField("who monitors what", blank=True)
    shared_for_treatment = models.BooleanField("on what basis you share it", null=True)
    authorization = ClinicForeignKey(
        Consent, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    part2_consent = ClinicForeignKey(
        Consent, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    medical_emergency = EncryptedTextField(
        "nature of the medical emergency",
        null=True,
        blank=True,
        help_text="Where records leave without consent (42 CFR 2.51); else empty.",
    )
    act_first_done = EncryptedTextField("what was done about the act-first notice", blank=True)
    once = OnceField()
    until_answer = EncryptedCharField(
        "who sees the patient until they answer", max_length=200, null=True, blank=True
    )
    stricter_edition = models.CharField(  # noqa: DJ001
        max_length=20,
        null=True,
        editable=False,
        help_text="A later edition that judged its decision more strictly when it was signed.",
    )
    stricter_because = EncryptedTextField("why you sign all the same", null=True, blank=True)
    next_look_on = models.DateField("date of the next look", null=True, blank=True)
    next_look_by = EncryptedCharField("who holds the next look", max_length=120, blank=True)
    replaces = ClinicForeignKey(
        "self", on_delete=models.PROTECT, related_name="corrections", null=True, blank=True
    )
    replaces_because = EncryptedCharField("why it replaces", max_length=200, blank=True)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.DRAFT)
    content = EncryptedJSONField(null=True, blank=True)
    pdf = EncryptedBinaryField(null=True, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    words_sha256 = models.CharField(  # noqa: DJ001
        max_length=64,
        null=True,
        editable=False,
        help_text="Hash of the words it was signed in; null where it was not recorded.",
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["pdf_sha256"], name="letter_by_pdf"),
            of_signed("recipient_name", name="letter_to_name"),
            of_signed("recipient_organization", name="letter_to_organization"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "year", "sequence"], name="letter_number_unique"
            ),
            models.UniqueConstraint(
                fields=["clinic", "replaces"],
                condition=models.Q(status="signed", replaces__isnull=False),
                name="letter_replaced_once",
            ),
            once_a_form("letter_once_a_form"),
            models.CheckConstraint(
                condition=_signed_has_all_or_nothing(), name="letter_signed_all_or_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the table by which it is found, wherever its index was written."""
        super().save(*args, **kwargs)
        written = kwargs.get("update_fields")
        if written is None or "copies_index" in written:
            write_mirror(self, "copies_index")

    @property
    def number(self) -> str:
        """The number as it is printed: L-2026-0001."""
        return f"{NUMBER_PREFIX}-{self.year}-{self.sequence:04d}"

    @property
    def is_signed(self) -> bool:
        """Whether it can no longer be changed."""
        return self.status == self.Status.SIGNED

    @property
    def recipient(self) -> str:
        """Whom it is for, in one line."""
        return ", ".join(filter(None, (self.recipient_organization, self.recipient_name)))


class Seal(OfAClinic):
    """By what a signed letter is found and held against its copies. Written once, at signing.

    identifier: the 16 bytes that its PDF carries, in hexadecimal. content_sha256: of the content as
    it is stored.
    """

    letter = ClinicOneToOneField(Letter, on_delete=models.PROTECT, related_name="seal")
    code = models.CharField(max_length=12)
    identifier = models.CharField(max_length=32)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "letter"], name="seal_once_a_letter"),
            models.UniqueConstraint(fields=["code", "clinic"], name="seal_code_once"),
            models.UniqueConstraint(fields=["identifier", "clinic"], name="seal_identifier_once"),
        ]

    def __str__(self) -> str:
        return f"Seal of {self.letter_id}"
