"""What is due: for therapists of their cases, for staff of the clinic."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from decisions.reminders.actions import say_done
from decisions.reminders.presenters import DueRow
from decisions.reminders.queries import cases_of, still_due
from kapnet.core.accounts.policies import require
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.models import Role
from kapnet.core.people.requests import MemberRequest

A_PAGE = 25
AHEAD = timedelta(days=14)
"""How far the list looks ahead."""


@require("followup.remind")
@require_GET
def due(request: MemberRequest) -> HttpResponse:
    """Name, what, day and state, the earliest first; never a score or an answer."""
    whole = _sees_whole_clinic(request)
    today = timezone.localdate()
    things = still_due(cases_of(None if whole else request.user), until=today + AHEAD)
    record_event(
        action="follow_up.listed",
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="case",
    )
    page = Paginator(things, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [DueRow(one, today, for_staff=_is_staff(request)) for one in page.object_list],
        "overdue": sum(one.due_on < today for one in things),
        "whole_clinic": whole,
        "for_staff": _is_staff(request),
        "days_ahead": AHEAD.days,
    }
    return render(request, "reminders/due.html", context)


@require("followup.remind")
@require_POST
def done(request: MemberRequest) -> HttpResponse:
    """Say that one thing of the list is done; what is not on it is not found."""
    things = still_due(cases_of(None), until=timezone.localdate() + AHEAD)
    key = request.POST.get("key", "")
    found = next((one for one in things if one.key == key and one.is_ticked_off), None)
    if found is None:
        record_refusal(request, "follow_up.done", "case")
        raise Http404("due thing")
    say_done(thing=found, clinic=request.membership.clinic, actor=request.user)
    messages.success(request, "Noted as done.")
    return redirect("reminders:due")


def _is_staff(request: MemberRequest) -> bool:
    return bool(request.membership.role == Role.STAFF)


def _sees_whole_clinic(request: MemberRequest) -> bool:
    return _is_staff(request) or request.GET.get("whose") == "clinic"
