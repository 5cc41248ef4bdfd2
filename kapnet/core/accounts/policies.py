"""Who may do what: one table, one decorator. Every address of the project names its action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.models import Membership, Role, User
from kapnet.core.web.error_pages import too_many_requests
from kapnet.core.web.rate_limits import is_visitor_within_limit

EVIDENCE_ADMIN: Final = "evidence_admin"
"""Curates the evidence of the whole installation, belongs to no clinic and sees no case."""
OWNER: Final = "owner"
"""Keeps an installation: its accounts and clinics, by the admin. Sees no case."""
ANYONE: Final = "anyone"
"""Somebody who is not signed in; what they may do, everybody may."""

EVERYONE: Final = frozenset({*Role.values, EVIDENCE_ADMIN})
EVERYBODY: Final = frozenset({ANYONE, OWNER}) | EVERYONE

ROLES: Final[Mapping[str, str]] = {
    ANYONE: "Not signed in",
    Role.THERAPIST: "Therapist",
    Role.STAFF: "Staff",
    Role.MANAGER: "Manager",
    EVIDENCE_ADMIN: "Evidence admin",
    OWNER: "Owner of the installation",
}
"""Every role in words, in the order of the page."""


@dataclass(frozen=True)
class Policy:
    """One line of the table.

    words: what may be done, for a reader. of: the objects that it reaches.
    """

    words: str
    of: str
    roles: frozenset[str]


OWN_ACCOUNT, OWN_CLINIC = "own account", "own clinic"
INSTALLATION, BY_SECRET = "the whole installation", "whose secret address one holds"
BY_KEY = "own clinic, by the key of a program"

POLICIES: Final[Mapping[str, Policy]] = {
    "case.work": Policy(
        "Open a case, read and answer it, record a decision, plan a course",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "emergency.open": Policy(
        "Open one case in an emergency, to read it for a short time; its therapist is told",
        OWN_CLINIC,
        frozenset({Role.STAFF, Role.MANAGER}),
    ),
    "ehr.launch": Policy(
        "Open a case from an EHR that the clinic lists, and see what it says of the patient",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "ehr.keep": Policy(
        "List the EHRs that may launch, and take links of people there away",
        OWN_CLINIC,
        frozenset({Role.MANAGER}),
    ),
    "case.delete": Policy(
        "Ask for, and agree to, the deletion of closed cases that are past their time",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.MANAGER}),
    ),
    "letter.write": Policy(
        "Write, sign and correct letters; record what a patient agreed to",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "letter.read": Policy(
        "Find, read and download signed letters",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.STAFF}),
    ),
    "letter.export": Policy(
        "Send signed letters on their way, follow them up, put many in one file",
        OWN_CLINIC,
        frozenset({Role.STAFF}),
    ),
    "followup.remind": Policy(
        "See what is due about which patient, and when; no score and no answer",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.STAFF}),
    ),
    "letter.reply": Policy(
        "Answer a letter by its code; the desk confirms the answer", BY_SECRET, EVERYBODY
    ),
    "letter.verify": Policy("Check whether a letter is genuine", INSTALLATION, EVERYBODY),
    "directory.read": Policy("Read the directory of colleagues", OWN_CLINIC, frozenset(Role)),
    "directory.keep": Policy(
        "Keep the directory of colleagues", OWN_CLINIC, frozenset({Role.STAFF, Role.MANAGER})
    ),
    "outcomes.read": Policy(
        "Count what courses of treatment came to, and read what was counted",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.MANAGER}),
    ),
    "outcomes.export": Policy(
        "Take the rows along from which it was counted, without names",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "clinic.manage": Policy(
        "Invite and deactivate people, change their role", OWN_CLINIC, frozenset({Role.MANAGER})
    ),
    "clients.keep": Policy(
        "Say which other programs may call, and what they may do",
        OWN_CLINIC,
        frozenset({Role.MANAGER}),
    ),
    "clients.agree": Policy(
        "Agree that a program may take everything along, or refuse it",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "clients.settle": Policy(
        "See which programs may take everything along, and take that back",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.MANAGER}),
    ),
    "api.call": Policy("Call as a program that a manager has allowed", BY_KEY, EVERYBODY),
    "api.open": Policy("Read as a program what shows nothing of a clinic", INSTALLATION, EVERYBODY),
    "notice.read": Policy(
        "Be told of new therapists; managers also of emergencies and of what the owner changes",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.MANAGER}),
    ),
    "exit.read": Policy(
        "See that everything of the clinic may be taken along, and stop it",
        OWN_CLINIC,
        frozenset({Role.THERAPIST, Role.MANAGER}),
    ),
    "exit.ask": Policy(
        "Ask to take everything of the clinic along, and take it once a therapist agreed",
        OWN_CLINIC,
        frozenset({Role.MANAGER}),
    ),
    "exit.settle": Policy(
        "Agree that everything of the clinic is taken along, or refuse it",
        OWN_CLINIC,
        frozenset({Role.THERAPIST}),
    ),
    "audit.read": Policy("Read who did what", OWN_CLINIC, frozenset({Role.MANAGER})),
    "policies.read": Policy("Read this table", INSTALLATION, EVERYONE),
    "evidence.named": Policy(
        "See the references of the sources that letters rest on", INSTALLATION, EVERYBODY
    ),
    "evidence.read": Policy(
        "Read studies, guidelines, claims, releases and the patient's sheet", INSTALLATION, EVERYONE
    ),
    "form.answer": Policy(
        "Fill in a form by a link that a clinician gave, with a date of birth",
        BY_SECRET,
        EVERYBODY,
    ),
    "evidence.read_by_secret": Policy(
        "Follow the feed of releases, stop its mail", BY_SECRET, EVERYBODY
    ),
    "evidence.curate": Policy(
        "Change the evidence and release it", INSTALLATION, frozenset({EVIDENCE_ADMIN})
    ),
    "profile.edit": Policy("Edit name, profession and how to be reached", OWN_ACCOUNT, EVERYONE),
    "account.secure": Policy(
        "Change the password and the second factor", OWN_ACCOUNT, EVERYONE | {OWNER}
    ),
    "account.sign_in": Policy(
        "Sign in and out, set a new password by a link", OWN_ACCOUNT, EVERYBODY
    ),
    "product.read": Policy("Read what this is, who made it and who pays", INSTALLATION, EVERYBODY),
    "installation.keep": Policy("Keep accounts and clinics", INSTALLATION, frozenset({OWNER})),
}
"""action -> what it is and who may; what is not listed nobody may."""


def place_of(user: User) -> Membership | None:
    """The membership that counts. Whoever keeps the installation has none, whatever the table says.

    Nobody both keeps accounts or evidence for every clinic and works in one of them.
    """
    if user.is_evidence_admin or user.is_superuser:
        return None
    membership = getattr(user, "membership", None)
    return membership if membership is not None and membership.is_active else None


def role_of_user(user: User) -> str | None:
    """The role that a request of this person has; None for somebody without a clinic."""
    membership = place_of(user)
    if membership is not None:
        return membership.role
    return EVIDENCE_ADMIN if user.is_evidence_admin else None


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


OF_EVERY_ACCOUNT: Final = frozenset({"account.secure"})
"""What needs no role: without it somebody who must have a second factor could set none up."""


def may(role: str | None, action: str) -> bool:
    """Whether someone with this role may do this."""
    policy = POLICIES.get(action)
    return policy is not None and (ANYONE in policy.roles or role in policy.roles)


def require(action: str, *, also_open: str = "") -> Callable[[View], View]:
    """A view for the roles that the table gives this action to.

    Anyone else gets the 403 page and an audit event; a visitor is led to sign in before that.
    also_open: a setting that opens the page to everybody. It shows nothing of a clinic.
    """
    is_open = ANYONE in POLICIES[action].roles

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            allowed = action in OF_EVERY_ACCOUNT or may(getattr(request, "role", None), action)
            if not allowed and not is_opened_by(guarded):
                refuse(request)
            if not allowed and not is_visitor_within_limit(request):
                return too_many_requests(request)
            return view(request, *args, **kwargs)

        guarded.policy = action  # type: ignore[attr-defined]
        guarded.also_open = also_open  # type: ignore[attr-defined]
        return cast(View, login_not_required(guarded) if is_open else guarded)

    return decorate


def is_opened_by(view: object) -> bool:
    """Whether a setting opens this page to people who are not signed in."""
    name = getattr(view, "also_open", "")
    return bool(name) and bool(getattr(settings, name))


def refuse(request: HttpRequest) -> None:
    """Write down that this page was refused, and end the request with 403."""
    match = request.resolver_match
    record_refusal(request, "page.open", "page", match.view_name if match else "")
    raise PermissionDenied
