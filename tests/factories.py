"""Plain typed functions that make what tests need."""

from __future__ import annotations

from itertools import count

from django.utils import timezone

from kapnet.core.people.models import Clinic, Membership, Role, User

PASSWORD = "correct horse battery staple"

_numbers = count(1)


def make_clinic(*, name: str = "Demo clinic") -> Clinic:
    """A clinic without people."""
    return Clinic.objects.create(name=name, address="1 Test Street", phone="555 0100")


def make_user(
    *,
    name: str = "Dr. A. Sample",
    email: str = "",
    password: str | None = None,
    is_evidence_admin: bool = False,
) -> User:
    """A person who can sign in, without a clinic. Without a password only `force_login` helps."""
    return User.objects.create_user(
        email or f"person{next(_numbers)}@test.example",
        password,
        name=name,
        is_evidence_admin=is_evidence_admin,
        is_staff=is_evidence_admin,
    )


def make_member(
    *, clinic: Clinic, role: Role, name: str = "Dr. A. Sample", password: str | None = None
) -> User:
    """A person with a place in a clinic, of whom it was told long ago."""
    user = make_user(name=name, password=password)
    announced_at = timezone.now() if role == Role.THERAPIST else None
    Membership.objects.create(user=user, clinic=clinic, role=role, announced_at=announced_at)
    return user
