"""Opening one case of the own clinic in an emergency, and reading it until the time is over."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from decisions.cases.case_page import open_file, record_read, show
from decisions.cases.queries import cases_with_context
from decisions.emergency.actions import SEARCHED, end_access, note_search, open_in_emergency
from decisions.emergency.forms import FindForm, OpenForm
from decisions.emergency.models import EmergencyAccess
from decisions.emergency.presenters import present_for_emergency
from decisions.emergency.queries import accesses, cases_called, searches
from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.sessions import asked_by_itself
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.days import say_moment
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import UNPROCESSABLE

FOUND_AT_MOST, ACCESSES_A_PAGE, SEARCHES_SHOWN = 10, 25, 25
OVER = "Access to case {number:04d} is over since {moment}. Open it again if the emergency goes on."
NOT_YOURS = "Somebody else opened that case. Say why you need it, and open it yourself."


@require("emergency.open")
@require_http_methods(["GET", "POST"])
def find(request: MemberRequest) -> HttpResponse:
    """What emergency access is, who used it, and a search; the words stay out of the address."""
    if request.method != "POST":
        return _list(request)
    form = FindForm(request.POST)
    return _search(request, form) if form.is_valid() else _asked_again(request, form)


@require("emergency.open")
@require_POST
@limited("emergency.open", noted_as=("emergency.opened",))
def open_case(request: MemberRequest) -> HttpResponse:
    """Open the case that was chosen; the page with what is missing where something is."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        search = FindForm(request.POST)
        if not search.is_valid():
            return _asked_again(request, search)
        return _search(request, search, form)
    case = get_or_404(
        request,
        cases_with_context(),
        action="emergency.opened",
        object_type="case",
        id=form.cleaned_data["case"],
    )
    access = open_in_emergency(case=case, actor=request.user, reason=form.cleaned_data["reason"])
    return redirect("emergency:read", access.pk)


@limited("emergency.search", noted_as=(SEARCHED,))
def _search(
    request: MemberRequest, search: FindForm, open_form: OpenForm | None = None
) -> HttpResponse:
    """The patients that a search with a reason finds: nothing else names one before it is opened.

    So each search is counted and written down, whatever led to it. open_form: what was wrong.
    """
    clinic, reason = request.membership.clinic, search.cleaned_data["reason"]
    found = list(cases_called(search.cleaned_data["words"], clinic)[: FOUND_AT_MOST + 1])
    shown = found[:FOUND_AT_MOST]
    note_search(clinic=clinic, actor=request.user, reason=reason, found=len(shown))
    context = {
        "form": search,
        "open_form": open_form or OpenForm(initial={"reason": reason}),
        "has_searched": True,
        "found": shown,
        "has_more": len(found) > FOUND_AT_MOST,
        "minutes": settings.EMERGENCY_MINUTES,
    }
    status = UNPROCESSABLE if open_form else 200
    return render(request, "emergency/find.html", context, status=status)


def _asked_again(request: MemberRequest, form: FindForm) -> HttpResponse:
    context = {"form": form, "minutes": settings.EMERGENCY_MINUTES}
    return render(request, "emergency/find.html", context, status=UNPROCESSABLE)


def _list(request: MemberRequest) -> HttpResponse:
    """Who opened which case, who searched, and why: a manager sees all, staff their own."""
    clinic = request.membership.clinic
    record_event(
        action="emergency.listed", actor=request.user, clinic=clinic, object_type="emergency"
    )
    sees_all = may(request.role, "audit.read")
    opened, searched = accesses(), searches()
    if not sees_all:
        opened, searched = opened.filter(opened_by=request.user), searched.filter(by=request.user)
    context = {
        "form": FindForm(),
        "minutes": settings.EMERGENCY_MINUTES,
        "sees_all": sees_all,
        "page": Paginator(opened, ACCESSES_A_PAGE).get_page(request.GET.get("page")),
        "searches": searched[:SEARCHES_SHOWN],
    }
    return render(request, "emergency/find.html", context)


@require("emergency.open")
@require_GET
def read(request: MemberRequest, access_id: UUID) -> HttpResponse:
    """Everything of the case that helps in an emergency, on one page, to read only."""
    access = _own(request, access_id)
    if access is None:
        return redirect("emergency:find")
    file = open_file(request, access.case_id)
    record_read(request, file, "emergency.read")
    left = access.ends_at - timezone.now()
    context = {
        "access": access,
        "seconds_left": int(left.total_seconds()) + 1,
        **present_for_emergency(file, reads_letters=may(request.role, "letter.read")),
    }
    return show(request, file, "emergency/case.html", context)


@require("emergency.open")
@require_GET
@asked_by_itself
def over(request: MemberRequest, access_id: UUID) -> HttpResponse:
    """What the page puts in place of the case once the time is over; nothing before."""
    access = _found(request, access_id)
    if access.is_open:
        return HttpResponse(status=204)
    return render(request, "emergency/over.html", {"access": access})


@require("emergency.open")
@require_POST
def end(request: MemberRequest, access_id: UUID) -> HttpResponse:
    """Its person no longer needs it."""
    access = _own(request, access_id)
    if access is not None:
        end_access(access=access, actor=request.user)
        messages.success(request, "Access is ended.")
    return redirect("emergency:find")


def _found(request: HttpRequest, access_id: UUID) -> EmergencyAccess:
    return get_or_404(
        request, accesses(), action="emergency.read", object_type="emergency", id=access_id
    )


def _own(request: MemberRequest, access_id: UUID) -> EmergencyAccess | None:
    """An access that its own person may still use; None, with a message, where it is not."""
    access = _found(request, access_id)
    if access.opened_by == request.user and access.is_open:
        return access
    is_theirs = access.opened_by == request.user
    reason = "over" if is_theirs else "another person's"
    record_refusal(request, "emergency.read", "emergency", access.pk, reason=reason)
    messages.warning(request, _say_over(access) if is_theirs else NOT_YOURS)
    return None


def _say_over(access: EmergencyAccess) -> str:
    moment = access.ended.at if access.ended else access.ends_at
    return OVER.format(number=access.case.number, moment=say_moment(moment))
