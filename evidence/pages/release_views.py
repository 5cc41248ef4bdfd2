"""Releases of the evidence: what each changed, and each as one file."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.domain.entries import EvidenceBase
from evidence.followers.feed_actions import ADDRESS_TO_SHOW
from evidence.followers.models import Subscription
from evidence.models import FeedAddress, Release
from evidence.queries import releases
from evidence.release_changes import changed_in
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest
from kapnet.core.standby import may_read_standby


def _release_or_404(name: str) -> Release:
    found = releases().filter(name=name).first()
    if found is None:
        raise Http404
    return found


@require("evidence.read")
@require_safe
@may_read_standby
def release_list(request: SignedInRequest) -> HttpResponse:
    """Every release, the newest first, with what it told clinicians."""
    context = {
        "releases": releases(),
        "has_feed_address": FeedAddress.objects.filter(person=request.user).exists(),
        "has_digest": Subscription.objects.filter(user=request.user).exists(),
        "address_to_show": request.session.pop(ADDRESS_TO_SHOW, None),
    }
    return render(request, "evidence/release_list.html", context)


@require("evidence.read")
@require_safe
@may_read_standby
def release(request: HttpRequest, name: str) -> HttpResponse:
    """One release: what was added, changed and withdrawn against the one before it."""
    found = _release_or_404(name)
    earlier = releases().filter(number__lt=found.number).first()
    changed = changed_in(found)
    context = {
        "release": found,
        "earlier": earlier,
        "is_known": changed is not None,
        "changed": changed,
    }
    return render(request, "evidence/release.html", context)


@require("evidence.read")
@require_safe
def release_file(request: HttpRequest, name: str) -> HttpResponse:
    """A whole release as one JSON file; its shape is at `schema.json`."""
    found = _release_or_404(name)
    if found.content is None:
        raise Http404
    text = json.dumps(found.content, ensure_ascii=False, sort_keys=True, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{found.name}.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require("evidence.read")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of a release file."""
    return JsonResponse(EvidenceBase.model_json_schema())
