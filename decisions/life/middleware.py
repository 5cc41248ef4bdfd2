"""The page for whoever tries to change a closed case."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.models import Case
from kapnet.core.web.error_pages import page_not_found
from kapnet.core.web.statuses import CONFLICT


class ClosedCaseMiddleware:
    """Nothing of it was saved, and the page says how to reopen the case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """409 for a change of a closed case, 404 where it was deleted after its page was opened."""
        if isinstance(problem, Case.DoesNotExist):
            return page_not_found(request)
        if not isinstance(problem, CaseClosedError):
            return None
        match = request.resolver_match
        context = {"case_id": match.kwargs.get("case_id") if match else None}
        template = "_not_saved" if request.headers.get("HX-Request") else "closed"
        return render(request, f"life/{template}.html", context, status=CONFLICT)
