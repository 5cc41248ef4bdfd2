"""Closed cases that are past their time: one person asks for a deletion, another agrees."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from decisions.cases.case_page import record_listed
from decisions.cases.models import Case
from decisions.life.deleting import (
    DELETED_AFTER,
    DeletionRefused,
    agree_to_deletion,
    ask_for_deletion,
    take_deletion_back,
)
from decisions.life.queries import done_deletions, open_deletions, past_keeping
from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest

MOST_SHOWN = 50


@require("case.delete")
@require_GET
def past_keeping_list(request: MemberRequest) -> HttpResponse:
    """Which they are, by number: a manager sees no name."""
    clinic = request.membership.clinic
    record_listed(request)
    past = past_keeping(clinic)
    context = {
        "rows": past[:MOST_SHOWN],
        "more": len(past) - len(past[:MOST_SHOWN]),
        "done": done_deletions(clinic)[:MOST_SHOWN],
        "years": clinic.kept_years,
        "may_open": may(request.role, "case.work"),
        "days": DELETED_AFTER.days,
    }
    return render(request, "life/past_keeping.html", context)


@require("case.delete")
@require_POST
def ask(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Ask for the deletion of one of them."""
    cases = Case.objects.select_related("clinic")
    case = get_or_404(request, cases, action="case.delete", object_type="case", id=case_id)
    try:
        ask_for_deletion(case=case, actor=request.user)
    except DeletionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Asked for. Somebody else has to agree.")
    return redirect("life:past_keeping")


@require("case.delete")
@require_POST
def settle(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Agree to a deletion, or take it back (`take_back`)."""
    case = get_or_404(
        request, Case.objects.all(), action="case.delete", object_type="case", id=case_id
    )
    deletion = open_deletions(request.membership.clinic).filter(case_id=case.pk).first()
    if deletion is None:
        messages.error(request, "Nobody asked for this deletion, or it was taken back.")
        return redirect("life:past_keeping")
    act, said = agree_to_deletion, f"Agreed. It is deleted in {DELETED_AFTER.days} days."
    if "take_back" in request.POST:
        act, said = take_deletion_back, "Taken back. The case stays."
    try:
        act(deletion=deletion, actor=request.user)
    except DeletionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("life:past_keeping")
