"""The guide: one page that a clinician reads, prints and checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.as_of import asked_evidence
from evidence.guide.loading import load_guide
from evidence.guide.reading import present_guide
from evidence.presenters.lists import count_statuses, present_claims, present_disagreements
from kapnet.core.accounts.policies import require
from kapnet.core.standby import may_read_standby


@require("evidence.read", also_open="OPEN_WITHOUT_SIGN_IN")
@require_safe
@may_read_standby
def guide(request: HttpRequest) -> HttpResponse:
    """The general question, answered from the release that is asked for, else the newest."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    today = timezone.localdate()
    context = {
        "asked_release": asked_release,
        "release": evidence.release,
        "guide": present_guide(load_guide(), evidence, today=today),
        "disagreements": present_disagreements(evidence),
        "claims": present_claims(evidence, today=today),
        "counts": count_statuses(evidence),
    }
    return render(request, "evidence/guide.html", context)
