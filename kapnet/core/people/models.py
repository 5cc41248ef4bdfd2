"""Who works where: clinics, people and their memberships."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

KEPT_YEARS, LEAST_KEPT_YEARS, MOST_KEPT_YEARS = 7, 6, 100
"""How long a closed case is kept where a clinic has set nothing else, and what it can set:
docs/operate.md says why."""


class Role(models.TextChoices):
    """What a member of a clinic does there."""

    THERAPIST = "therapist", "therapist"
    STAFF = "staff", "staff"
    MANAGER = "manager", "manager"


class UserManager(BaseUserManager["User"]):
    """Makes people who sign in by email address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who can sign in. Email addresses are kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The owner of an installation, who is an evidence admin and sees no case."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, is_evidence_admin=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they may do follows from membership or evidence admin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, help_text="As it stands under a letter.")
    profession = models.CharField(max_length=120, blank=True)
    license_number = models.CharField(max_length=60, blank=True, help_text="License or NPI.")
    phone = models.CharField(max_length=40, blank=True)
    secure_reply = models.CharField(
        max_length=200, blank=True, help_text="How a colleague can answer safely."
    )
    is_evidence_admin = models.BooleanField(
        default=False, help_text="Curates the evidence of the whole installation; sees no case."
    )
    is_staff = models.BooleanField("may open the admin", default=False)
    is_active = models.BooleanField(default=True)
    toured_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as it appears under a letter."""
        return self.name

    @property
    def keeps_installation(self) -> bool:
        """Whether the owner of the installation keeps this account, and no manager of a clinic."""
        return self.is_superuser or self.is_evidence_admin or self.is_staff


class Clinic(models.Model):
    """A clinic: the wall behind which its cases and letters stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    secure_reply = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Such as America/Chicago.")
    kept_years = models.PositiveSmallIntegerField(
        default=KEPT_YEARS, help_text="How long a closed case is kept."
    )
    has_reply_links = models.BooleanField(
        default=False, help_text="Whether its letters say how to answer them online."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kept_years__gte=LEAST_KEPT_YEARS, kept_years__lte=MOST_KEPT_YEARS
                ),
                name="clinic_keeps_cases_for_years",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The clock of this clinic: its own, or that of the installation."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)


class Membership(models.Model):
    """One person's one role in one clinic. A person has at most one active membership."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="membership")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the clinic was told that this person reads its cases.",
    )
    stand_in = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="stands_in_for", null=True, blank=True
    )
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True, help_text="The last day, included.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    stand_in__isnull=True, away_from__isnull=True, away_until__isnull=True
                )
                | models.Q(
                    stand_in__isnull=False,
                    away_from__isnull=False,
                    away_until__gte=models.F("away_from"),
                ),
                name="membership_away_with_a_stand_in",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}, {self.clinic}"
