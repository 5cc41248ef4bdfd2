"""Work list and task list: what waits, in letters and after emergencies too."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from decisions.cases.case_page import frame, open_file, record_listed, record_read
from decisions.cases.decision.withdrawn import withdrawn_since
from decisions.cases.presenters import present_case, present_raised, present_work_list
from decisions.cases.queries import decisions_of, raised_for, work_list
from decisions.cases.so_far import so_far
from decisions.emergency.queries import accesses_of, unseen, unseen_for
from decisions.letters.signer_tasks.tasks import open_tasks, open_tasks_for
from kapnet.core.accounts.policies import require
from kapnet.core.notices.telling import notices_for
from kapnet.core.people.requests import MemberRequest


@require("case.work")
@require_GET
def cases(request: MemberRequest) -> HttpResponse:
    """My cases, or with `?whose=clinic` those of the whole clinic."""
    whole_clinic = request.GET.get("whose") == "clinic"
    rows = present_work_list(work_list(None if whole_clinic else request.user))
    record_listed(request)
    tasks = open_tasks() if whole_clinic else open_tasks_for(request.user)
    context = {
        "rows": rows,
        "whole_clinic": whole_clinic,
        "letter_tasks": tasks,
        "raised": present_raised(raised_for(request.user)),
        "notices": notices_for(request.membership),
        "emergencies": unseen() if whole_clinic else unseen_for(request.user),
    }
    return render(request, "decisions/cases.html", context)


@require("case.work")
@require_GET
def case(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """The task list of a case."""
    file = open_file(request, case_id)
    record_read(request, file)
    recorded = decisions_of(file.case)
    context = {
        **frame(file),
        "page": present_case(file),
        "so_far": so_far(file),
        "decisions": recorded,
        "withdrawn": withdrawn_since(recorded[:1], file.evidence),
        "was_opened_in_emergency": accesses_of(file.case).exists(),
    }
    return render(request, "decisions/case.html", context)
