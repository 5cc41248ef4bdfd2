"""What the therapist of a case sees of emergency access to it, and that they looked at it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.emergency.actions import mark_seen
from decisions.emergency.forms import SeenForm
from decisions.emergency.queries import accesses_of
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE


@case_page("case.work", only="GET", reads="emergency.reviewed")
def review(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Who opened this case in an emergency, when and why."""
    return _page(request, file, SeenForm())


@case_page("case.work", only="POST", even_closed=True)
def seen(request: MemberRequest, file: CaseFile, access_id: UUID) -> HttpResponse:
    """A therapist has looked at one access."""
    access = get_or_404(
        request,
        accesses_of(file.case),
        action="emergency.seen",
        object_type="emergency",
        id=access_id,
    )
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form, about=access_id, status=UNPROCESSABLE)
    if not mark_seen(access=access, actor=request.user, note=form.cleaned_data["note"]):
        return _page(request, file, form, about=access_id, was_seen=True, status=CONFLICT)
    messages.success(request, "Noted that you have seen it.")
    return redirect("emergency:review", file.case.pk)


def _page(
    request: MemberRequest,
    file: CaseFile,
    form: SeenForm,
    *,
    about: UUID | None = None,
    was_seen: bool = False,
    status: int = 200,
) -> HttpResponse:
    """about: the access that the form was sent for."""
    context = {
        "form": form,
        "about": about,
        "was_seen": was_seen,
        "accesses": accesses_of(file.case),
    }
    return show(request, file, "emergency/review.html", context, status=status)
