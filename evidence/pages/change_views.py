"""What changed since a day or a release, for readers."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.models import Release
from evidence.queries import releases
from evidence.release_changes import changes_since, release_before
from kapnet.core.accounts.policies import require
from kapnet.core.standby import may_read_standby
from kapnet.core.web.days import say_day
from kapnet.core.written_days import NoDayError, read_day

DAYS_SHOWN = 90
"""How far back the page looks when nobody says since when."""
LONGEST_NAME = 40


@require("evidence.read")
@require_safe
@may_read_standby
def changes(request: HttpRequest) -> HttpResponse:
    """Everything added, changed and withdrawn since `?since=YYYY-MM-DD`, or since a release."""
    asked = request.GET.get("since", "").replace("\0", "").strip()[:LONGEST_NAME]
    start, asked_for, problem = _asked(asked)
    context = {
        "found": changes_since(start),
        "asked": "" if problem else asked,
        "asked_for": asked_for,
        "problem": problem,
    }
    return render(request, "evidence/changes.html", context)


def _asked(asked: str) -> tuple[Release | None, str, str]:
    """The release to start from, since when in words, and what was wrong with the question."""
    if not asked:
        return _last_days("")
    if named := releases().filter(name=asked).first():
        return named, f"release {named.name}", ""
    try:
        day = read_day(asked)
    except NoDayError:
        return _last_days(f"“{asked}” is neither a day such as 23 November 2026 nor a release.")
    return release_before(day), say_day(day), ""


def _last_days(problem: str) -> tuple[Release | None, str, str]:
    day = timezone.localdate() - timedelta(days=DAYS_SHOWN)
    said = f"{problem} The last {DAYS_SHOWN} days are shown." if problem else ""
    return release_before(day), f"{say_day(day)}, {DAYS_SHOWN} days ago", said
