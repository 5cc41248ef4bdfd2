"""Turning the digest on and off; ending it by the link of a mail, without signing in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from evidence.followers.digest_actions import subscribe, unsubscribe, user_of
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest


@require("evidence.read")
@require_POST
def set_digest(request: SignedInRequest) -> HttpResponse:
    """On or off, as the button that was pressed says."""
    if request.POST.get("digest") == "on":
        subscribe(user=request.user)
        messages.success(request, "Each release comes by mail from now on.")
    else:
        unsubscribe(user=request.user)
        messages.success(request, "You will no longer get releases by mail.")
    return redirect(f"{reverse('evidence:releases')}#digest")


@csrf_exempt
@require("evidence.read_by_secret")
@require_http_methods(["GET", "POST"])
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; a post, by the button or by a mail program, ends the digest.

    The signed token is the proof: it ends one person's digest and can do nothing else.
    """
    user = user_of(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(user=user)
    return render(request, "evidence/digest/stop.html", {"is_over": request.method == "POST"})
