"""The feed of releases: for people with a session, and by a secret address for feed readers."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evidence.followers.feed import ReleaseFeed
from evidence.followers.feed_actions import (
    ADDRESS_TO_SHOW,
    hash_of,
    make_feed_address,
    may_read_feed,
    revoke_feed_address,
)
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest
from kapnet.core.web.statuses import TOO_MANY

READS_AN_HOUR = 60
HOUR = 60 * 60


@require("evidence.read")
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The feed, for someone signed in."""
    return ReleaseFeed()(request)


@require("evidence.read_by_secret")
@require_safe
def secret_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The same for a feed reader, which has no session. What is revoked or wrong is 404."""
    if not may_read_feed(secret):
        raise Http404
    if _reads_within_the_hour(secret) > READS_AN_HOUR:
        sentence = "Too many reads of this feed. Try again in an hour."
        return HttpResponse(
            sentence, status=TOO_MANY, content_type="text/plain", headers={"Retry-After": str(HOUR)}
        )
    return ReleaseFeed()(request)


def _reads_within_the_hour(secret: str) -> int:
    key = f"feed-{hash_of(secret)}"
    return 1 if cache.add(key, 1, HOUR) else cache.incr(key)


@require("evidence.read")
@require_POST
def make_address(request: SignedInRequest) -> HttpResponse:
    """A secret address for oneself, in the place of one made before; shown once."""
    clinic = request.membership.clinic if request.membership else None
    secret = make_feed_address(person=request.user, clinic=clinic)
    address = request.build_absolute_uri(reverse("evidence:secret_feed", args=[secret]))
    request.session[ADDRESS_TO_SHOW] = address
    return redirect("evidence:releases")


@require("evidence.read")
@require_POST
def revoke_address(request: SignedInRequest) -> HttpResponse:
    """One's own secret address works no longer."""
    clinic = request.membership.clinic if request.membership else None
    revoke_feed_address(person=request.user, clinic=clinic)
    return redirect("evidence:releases")
