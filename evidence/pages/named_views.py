"""Every source of a release, for whoever holds a letter that names some of them; no sign-in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.domain.entries import EvidenceBase
from evidence.presenters.source import present_source_of
from evidence.queries import EDITED, current_evidence, kept_evidence_of, releases
from kapnet.core.accounts.policies import require
from kapnet.core.standby import may_read_standby

RELEASE = "release"
"""Parameter of the address: the release that the letter rests on."""


@require("evidence.named")
@require_safe
@may_read_standby
def named_sources(request: HttpRequest) -> HttpResponse:
    """The references of a release, each with its certainty and how far it was read."""
    evidence = _evidence_of(request.GET.get(RELEASE, ""))
    views = [present_source_of(one.key, evidence) for one in evidence.sources]
    context = {"release": evidence.release, "sources": sorted(views, key=lambda one: one.label)}
    return render(request, "evidence/named_sources.html", context)


def _evidence_of(name: str) -> EvidenceBase:
    """The evidence of a release; of today where none is named. Raises Http404."""
    if not name:
        return current_evidence()
    found = releases().filter(name=name.removesuffix(EDITED)).first()
    if found is None:
        raise Http404
    return kept_evidence_of(found)
