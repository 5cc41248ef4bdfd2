"""Every check for retractions that was made."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.retractions.models import RetractionCheck
from kapnet.core.accounts.policies import require

CHECKS_A_PAGE = 50


@require("evidence.curate")
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    page = Paginator(RetractionCheck.objects.all(), CHECKS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/retraction_checks.html", {"page": page})
