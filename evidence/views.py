"""The evidence, as everyone who is signed in may read it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence import domain
from evidence.as_of import asked_evidence
from evidence.citation import write_csl, write_ris
from evidence.domain import EntryKind
from evidence.forms import SearchForm
from evidence.page_presenters import (
    COLUMNS,
    count_statuses,
    present_claims,
    present_positions,
    present_sources,
    present_usage,
)
from evidence.presenters import present_source
from evidence.search import find_sources
from kapnet.clinics.policies import require

SOURCES_A_PAGE = 25
RIS_TYPE = "application/x-research-info-systems; charset=utf-8"
CSL_TYPE = "application/vnd.citationstyles.csl+json; charset=utf-8"


def _source_or_404(evidence: domain.EvidenceBase, key: str) -> domain.Source:
    if not evidence.has_source(key):
        raise Http404
    return evidence.source(key)


def _file(content: str, *, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


@require("evidence.read")
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Every source, searched and filtered."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    form = SearchForm(request.GET)
    found = find_sources(evidence, form.criteria())
    page = Paginator(found, SOURCES_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": present_sources(page.object_list, evidence),
        "all_count": len(evidence.sources),
        "asked": asked.urlencode(),
        "release": evidence.release,
        "asked_release": asked_release,
    }
    return render(request, "evidence/source_list.html", context)


@require("evidence.read")
@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: its numbers drawn and in a table, its limits, and where it is used."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    found = _source_or_404(evidence, key)
    context = {
        "view": present_source(found, retracted=evidence.is_retracted(key)),
        "usage": present_usage(key, evidence),
        "withdrawal": evidence.withdrawal(EntryKind.SOURCE, key),
        "asked_release": asked_release,
    }
    return render(request, "evidence/source.html", context)


@require("evidence.read")
@require_safe
def position_list(request: HttpRequest) -> HttpResponse:
    """What each guideline says of each treatment, side by side."""
    asked_release = asked_evidence(request)
    context = {
        "asked_release": asked_release,
        "guidelines": present_positions(asked_release.evidence),
        "columns": [heading for heading, _ in COLUMNS],
    }
    return render(request, "evidence/position_list.html", context)


@require("evidence.read")
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Each published claim beside what its sources show."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    context = {
        "claims": present_claims(evidence),
        "counts": count_statuses(evidence),
        "asked_release": asked_release,
    }
    return render(request, "evidence/claim_list.html", context)


@require("evidence.read")
@require_safe
def ris(request: HttpRequest, key: str) -> HttpResponse:
    """One reference in RIS."""
    found = _source_or_404(asked_evidence(request).evidence, key)
    return _file(write_ris([found]), name=f"{key}.ris", media_type=RIS_TYPE)


@require("evidence.read")
@require_safe
def csl(request: HttpRequest, key: str) -> HttpResponse:
    """One reference as CSL-JSON."""
    found = _source_or_404(asked_evidence(request).evidence, key)
    return _file(write_csl([found]), name=f"{key}.json", media_type=CSL_TYPE)


@require("evidence.read")
@require_safe
def list_ris(request: HttpRequest) -> HttpResponse:
    """The references of the list as searched and filtered, in RIS."""
    found = find_sources(asked_evidence(request).evidence, SearchForm(request.GET).criteria())
    return _file(write_ris(found), name="evidence.ris", media_type=RIS_TYPE)


@require("evidence.read")
@require_safe
def list_csl(request: HttpRequest) -> HttpResponse:
    """The references of the list as searched and filtered, as CSL-JSON."""
    found = find_sources(asked_evidence(request).evidence, SearchForm(request.GET).criteria())
    return _file(write_csl(found), name="evidence.json", media_type=CSL_TYPE)
