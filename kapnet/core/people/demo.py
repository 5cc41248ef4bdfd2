"""The people of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.utils import timezone

from kapnet.core.people.models import Clinic, Membership, Role, User

DEMO_CLINIC = "Demo clinic"
OTHER_CLINIC = "Other clinic"
DEMO_PASSWORD = "demo-only-never-real"  # noqa: S105, printed at every start of the demo


@dataclass(frozen=True)
class DemoPerson:
    """One demo account. Without a role: an evidence admin."""

    email: str
    name: str
    does: str
    clinic: str = ""
    role: Role | None = None
    profession: str = ""

    @property
    def key(self) -> str:
        """What an address calls the account."""
        return self.email.replace("@", "-at-").removesuffix(".example")


DEMO_PEOPLE = (
    DemoPerson(
        "therapist@demo.example",
        "Dr. A. Sample",
        "therapist",
        DEMO_CLINIC,
        Role.THERAPIST,
        "Psychotherapist",
    ),
    DemoPerson("staff@demo.example", "S. Sample", "staff", DEMO_CLINIC, Role.STAFF),
    DemoPerson("manager@demo.example", "M. Sample", "manager", DEMO_CLINIC, Role.MANAGER),
    DemoPerson("evidence1@demo.example", "E. First", "evidence admin"),
    DemoPerson("evidence2@demo.example", "E. Second", "evidence admin"),
    DemoPerson(
        "therapist@other.example",
        "Dr. O. Other",
        "therapist of another clinic",
        OTHER_CLINIC,
        Role.THERAPIST,
        "Psychotherapist",
    ),
)


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def demo_person(said: str) -> DemoPerson | None:
    """The account that the sign-in page of a demo fills in; None anywhere else."""
    return next((one for one in one_press_people() if one.key == said), None)


def one_press_people() -> tuple[DemoPerson, ...]:
    """The accounts that a demo fills in: never one that changes what all clinics share."""
    return tuple(one for one in DEMO_PEOPLE if one.role is not None) if settings.DEMO else ()


def why_no_demo() -> str:
    """Why this installation must not be a demo, in words; empty where it may be one."""
    if not is_harmless_here():
        return "DEMO needs DEBUG=true and SQLite."
    if not set(settings.ALLOWED_HOSTS) <= LOOPBACK or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return "DEMO is served on this machine alone: ALLOWED_HOSTS names only 127.0.0.1."
    return ""


def is_harmless_here() -> bool:
    """Whether accounts with a known password do no harm: a local demo has DEBUG on and SQLite."""
    return bool(settings.DEBUG) and connection.vendor == "sqlite"


def left_of_a_demo() -> list[str]:
    """Accounts that anybody can open by the known password, where no demo is to be; by email."""
    if settings.DEMO:
        return []
    known = User.objects.filter(email__in=[one.email for one in DEMO_PEOPLE], is_active=True)
    return [one.email for one in known if check_password(DEMO_PASSWORD, one.password)]


@transaction.atomic
def make_demo() -> None:
    """Make what is missing of the demo clinics and accounts; what is there stays as it is."""
    for person in DEMO_PEOPLE:
        if not User.objects.filter(email=person.email).exists():
            _make_person(person)


def _make_person(person: DemoPerson) -> None:
    user = User.objects.create_user(
        person.email,
        DEMO_PASSWORD,
        name=person.name,
        profession=person.profession,
        license_number="DEMO-0001" if person.profession else "",
        phone="555-0100" if person.profession else "",
        is_evidence_admin=person.role is None,
        is_staff=person.role is None,
    )
    if person.role is None:
        return
    clinic, is_new = Clinic.objects.get_or_create(
        name=person.clinic,
        defaults={"address": "1 Example Street, Springfield", "phone": "555-0100"},
    )
    # In a clinic that is made with its therapist there is nobody to be told.
    announced_at = timezone.now() if is_new and person.role == Role.THERAPIST else None
    Membership.objects.create(user=user, clinic=clinic, role=person.role, announced_at=announced_at)
