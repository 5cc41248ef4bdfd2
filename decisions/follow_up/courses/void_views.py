"""Taking back what was written down by mistake: it stays, and counts for nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.follow_up.assessments.actions import AlreadyVoidedError, void_assessment
from decisions.follow_up.assessments.queries import assessments_of
from decisions.follow_up.courses.actions import take_up_again, void_event
from decisions.follow_up.courses.forms import BecauseForm
from decisions.follow_up.courses.models import AdverseEvent
from decisions.follow_up.courses.queries import end_of, events_of
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

PAGE = "follow_up:course"
ALREADY = "Somebody else has already done this. Nothing was changed."


@case_page("case.work")
def form(request: MemberRequest, file: CaseFile, assessment_id: UUID) -> HttpResponse:
    """Void a form."""
    row = get_or_404(
        request,
        assessments_of(file.case),
        action="assessment.void",
        object_type="assessment",
        pk=assessment_id,
    )

    def void(because: str) -> None:
        void_assessment(assessment=row, actor=request.user, because=because)

    return _page(request, file, "void_form", {"row": row}, void)


@case_page("case.work")
def event(request: MemberRequest, file: CaseFile, event_id: int) -> HttpResponse:
    """Void an adverse event."""
    row: AdverseEvent = get_or_404(
        request,
        events_of(file.case),
        action="adverse_event.void",
        object_type="adverse_event",
        pk=event_id,
    )

    def void(because: str) -> None:
        void_event(event=row, actor=request.user, because=because)

    return _page(request, file, "void_event", {"row": row}, void)


@case_page("case.work")
def end(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Take the follow-up of a patient up again."""
    row = end_of(file.case)

    def void(because: str) -> None:
        if row is None:
            raise AlreadyVoidedError
        take_up_again(end=row, actor=request.user, because=because)

    return _page(request, file, "take_up_again", {"row": row}, void)


def _page(
    request: MemberRequest,
    file: CaseFile,
    page: str,
    context: dict[str, object],
    void: Callable[[str], None],
) -> HttpResponse:
    form = BecauseForm(request.POST or None)
    status = UNPROCESSABLE if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            void(form.cleaned_data["because"])
        except AlreadyVoidedError:
            form.add_error(None, ALREADY)
            status = CONFLICT
        else:
            messages.success(request, "Saved. It stays, and counts for nothing.")
            return redirect(PAGE, file.case.pk)
    context = {**context, "form": form}
    return show(request, file, f"follow_up/{page}.html", context, status=status)
