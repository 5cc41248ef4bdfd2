"""What every request carries once the middleware has seen it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kapnet.core.people.models import Membership, User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in, for annotations of views."""

    user: User
    htmx: HtmxDetails
    membership: Membership | None
    role: str | None
    reference: str


class MemberRequest(SignedInRequest):
    """A request of someone who works in a clinic: `require` has seen to it."""

    membership: Membership
    role: str
