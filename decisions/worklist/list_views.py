"""The work list: what waits for a therapist, searched, filtered and a page at a time."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.cases.case_page import record_listed
from decisions.cases.finding.kept_search import KeptSearch
from decisions.cases.models import Case
from decisions.cases.presenters import present_raised, present_waiting, present_work_list
from decisions.cases.queries import raised_for
from decisions.desk.standing import letters_standing
from decisions.emergency.queries import unseen, unseen_for
from decisions.form_links.queries import unread_for
from decisions.letters.signer_tasks.tasks import open_tasks, open_tasks_for
from decisions.life.queries import handovers_for
from decisions.worklist.work_list import (
    SAFETY_FIRST,
    Asked,
    Show,
    cases_asked_for,
    files_of,
    open_safety_tasks,
)
from kapnet.core.accounts.policies import require
from kapnet.core.notices.telling import notices_for
from kapnet.core.people.queries import stood_in_for
from kapnet.core.people.requests import MemberRequest

CASES_A_PAGE = 25
CASE_SEARCH = KeptSearch("case_words", "cases:list", ("whose", "show"))


class WorkListForm(forms.Form):
    """What the list shows; a field with a mistake in it asks nothing."""

    q = forms.CharField(label="Name, reference or case number", required=False, max_length=100)
    show = forms.ChoiceField(
        label="Which cases", required=False, choices=[("", "Open cases"), *Show.choices]
    )
    whose = forms.ChoiceField(
        required=False, choices=[("", "My cases"), ("clinic", "All cases of the clinic")]
    )


@require("case.work")
@require_http_methods(["GET", "POST"])
def cases(request: MemberRequest) -> HttpResponse:
    """My cases, or with `?whose=clinic` those of the whole clinic. A post searches."""
    if request.method == "POST":
        return redirect(CASE_SEARCH.address(request))
    form = WorkListForm({**request.GET.dict(), "q": CASE_SEARCH.words(request)})
    asked = _asked(request, form)
    found = Paginator(cases_asked_for(asked).values_list("pk", flat=True), CASES_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    record_listed(request)
    context = {
        **_list(request, asked, form, page),
        **_notices(request, asked),
        "whole_clinic": asked.therapist is None,
        "offers_tour": request.user.toured_at is None,
    }
    return render(request, "decisions/cases.html", context)


def _asked(request: MemberRequest, form: WorkListForm) -> Asked:
    form.is_valid()
    is_of_clinic = form.cleaned_data.get("whose") == "clinic"
    return Asked(
        clinic=request.membership.clinic,
        therapist=None if is_of_clinic else request.user,
        words=form.cleaned_data.get("q", ""),
        show=form.cleaned_data.get("show", ""),
    )


def _list(
    request: MemberRequest, asked: Asked, form: WorkListForm, page: Page[UUID]
) -> dict[str, object]:
    ids = list(page.object_list)
    waiting = open_safety_tasks(asked, but=ids)
    shown = list(waiting[: SAFETY_FIRST + 1])
    return {
        "rows": present_work_list(files_of(ids), letters_standing(ids)),
        "page": page,
        "form": form,
        "asked": _address(request.GET),
        "has_cases": bool(ids) or Case.objects.exists(),
        "is_filtered": bool(asked.words or asked.show),
        "waiting": present_waiting(shown[:SAFETY_FIRST]),
        "has_more_waiting": len(shown) > SAFETY_FIRST,
    }


def _address(asked: QueryDict) -> str:
    """The filters, for the addresses of other pages."""
    kept = asked.copy()
    for name in ("page", "q"):
        kept.pop(name, None)
    return kept.urlencode()


def _notices(request: MemberRequest, asked: Asked) -> dict[str, object]:
    whole_clinic = asked.therapist is None
    return {
        "letter_tasks": open_tasks() if whole_clinic else open_tasks_for(request.user),
        "stood_in_for": stood_in_for(request.user),
        "handovers": handovers_for(request.user),
        "raised": present_raised(raised_for(request.user)),
        "sent": unread_for(None if whole_clinic else request.user),
        "notices": notices_for(request.membership),
        "emergencies": unseen() if whole_clinic else unseen_for(request.user),
    }
