"""A tour of five stops for somebody who signs in for the first time. It can be skipped."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kapnet.core.accounts.actions import end_tour
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest

STOPS = 5


@require("case.work")
@require_safe
def tour(request: MemberRequest) -> HttpResponse:
    """One stop, by `?stop=`: what is there, and a link to it."""
    asked = request.GET.get("stop", "1")
    stop = int(asked) if asked in map(str, range(1, STOPS + 1)) else 1
    context = {"stop": stop, "stops": STOPS, "before": stop - 1, "after": (stop + 1) % (STOPS + 1)}
    return render(request, "tour/stop.html", context)


@require("case.work")
@require_POST
def end(request: MemberRequest) -> HttpResponse:
    """Skipped or seen: it is not offered again."""
    end_tour(user=request.user, clinic=request.membership.clinic)
    return redirect("cases:list")
