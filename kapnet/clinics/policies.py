"""Who may do what: one table, one decorator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kapnet.audit.actions import record_refusal
from kapnet.clinics.models import Role

EVIDENCE_ADMIN: Final = "evidence_admin"
"""Curates the evidence of the whole installation, belongs to no clinic and sees no case."""

EVERYONE: Final = frozenset({*Role.values, EVIDENCE_ADMIN})

POLICIES: Final[Mapping[str, frozenset[str]]] = {
    "case.work": frozenset({Role.THERAPIST}),
    "letter.write": frozenset({Role.THERAPIST}),
    "letter.export": frozenset({Role.STAFF}),
    "directory.read": frozenset(Role.values),
    "directory.keep": frozenset({Role.STAFF, Role.MANAGER}),
    "clinic.manage": frozenset({Role.MANAGER}),
    "evidence.read": EVERYONE,
    "evidence.curate": frozenset({EVIDENCE_ADMIN}),
    "profile.edit": EVERYONE,
}
"""action -> roles that may; what is not listed nobody may."""

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def may(role: str | None, action: str) -> bool:
    """Whether someone with this role may do this."""
    return role in POLICIES.get(action, frozenset())


def require_role(*roles: str) -> Callable[[View], View]:
    """A view for these roles only; anyone else gets the 403 page and an audit event."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request, "role", None) not in roles:
                refuse(request)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate


def require(action: str) -> Callable[[View], View]:
    """A view for the roles that the table gives this action to."""
    return require_role(*POLICIES[action])


def refuse(request: HttpRequest) -> None:
    """Write down that this page was refused, and end the request with 403."""
    match = request.resolver_match
    record_refusal(request, "page.open", "page", match.view_name if match else "")
    raise PermissionDenied
