"""The page on which a case is moved to a later edition."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.actions import AnswersChangedError
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.edition.moving import move_case, moves_of
from decisions.cases.edition.presenters import present_move
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT


@case_page("case.work", reads="case.read")
def edition(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What a later edition asks and says of this case; a post moves the case to it."""
    if request.method == "POST":
        return _move(request, file)
    return _page(request, file)


def _move(request: MemberRequest, file: CaseFile) -> HttpResponse:
    to = request.POST.get("to", "")
    try:
        moved = move_case(
            case=file.case,
            actor=request.user,
            to=to,
            fingerprint=request.POST.get("fingerprint", ""),
        )
    except AnswersChangedError:
        record_read(request, file)
        return _page(request, file, status=CONFLICT)
    said = "now. All answers are kept" if moved else "already"
    messages.success(request, f"This case works under edition {to} {said}.")
    return redirect("cases:case", file.case.pk)


def _page(request: MemberRequest, file: CaseFile, *, status: int = 200) -> HttpResponse:
    context = {
        "page": present_move(file),
        "moves": moves_of(file.case),
        "has_changed": status == CONFLICT,
    }
    return show(request, file, "decisions/edition.html", context, status=status)
