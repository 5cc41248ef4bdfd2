"""The evidence, as everyone who is signed in may read it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.as_of import asked_evidence
from evidence.domain.terms import EntryKind
from evidence.ending import Endings, say_until
from evidence.pages.formats import format_choices, source_or_404
from evidence.pages.forms import SearchForm
from evidence.pages.search_results import present_found
from evidence.pages.timelines import timelines
from evidence.presenters.lists import (
    COLUMNS,
    count_statuses,
    present_claims,
    present_disagreements,
    present_positions,
    present_usage,
)
from evidence.presenters.source import present_source_of
from evidence.queries import published_on
from evidence.retractions.presenters import present_check
from evidence.search.search import find_sources
from kapnet.core.accounts.policies import require
from kapnet.core.standby import may_read_standby

SOURCES_A_PAGE = 25


@require("evidence.read")
@require_safe
@may_read_standby
def source_list(request: HttpRequest) -> HttpResponse:
    """Every source, searched and filtered."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    form = SearchForm(request.GET)
    found = find_sources(evidence, form.criteria())
    page = Paginator(found.sources, SOURCES_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": present_found(page.object_list, found, evidence, today=timezone.localdate()),
        "all_count": len(evidence.sources),
        "asked": asked.urlencode(),
        "release": evidence.release,
        "formats": format_choices(),
        "asked_release": asked_release,
    }
    return render(request, "evidence/source_list.html", context)


@require("evidence.read")
@require_safe
@may_read_standby
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: its numbers drawn and in a table, its limits, and where it is used."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    found = source_or_404(evidence, key)
    context = {
        "view": present_source_of(key, evidence),
        "until": say_until(found, today=timezone.localdate()),
        "usage": present_usage(key, Endings(evidence, timezone.localdate())),
        "formats": format_choices(),
        "withdrawal": evidence.withdrawal(EntryKind.SOURCE, key),
        "asked_release": asked_release,
        "check": present_check(found),
    }
    return render(request, "evidence/source.html", context)


@require("evidence.read")
@require_safe
@may_read_standby
def position_list(request: HttpRequest) -> HttpResponse:
    """What each guideline says of each treatment, side by side."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    context = {
        "asked_release": asked_release,
        "guidelines": present_positions(evidence, Endings(evidence, timezone.localdate())),
        "columns": [heading for heading, _ in COLUMNS],
        "disagreements": present_disagreements(evidence),
        "timelines": timelines(evidence),
    }
    return render(request, "evidence/position_list.html", context)


@require("evidence.read")
@require_safe
@may_read_standby
def claim_list(request: HttpRequest) -> HttpResponse:
    """Each published claim beside what its sources show."""
    asked_release = asked_evidence(request)
    evidence = asked_release.evidence
    context = {
        "claims": present_claims(evidence, today=timezone.localdate()),
        "counts": count_statuses(evidence),
        "asked_release": asked_release,
        "release": evidence.release,
        "released_on": published_on(evidence.release),
    }
    return render(request, "evidence/claim_list.html", context)
