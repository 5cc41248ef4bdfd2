"""The task list of a case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from decisions.cases.case_page import frame, open_file, record_read
from decisions.cases.decision.changed_since import since_last_decision
from decisions.cases.decision.withdrawn import withdrawn_since
from decisions.cases.presenters import present_case
from decisions.cases.queries import decisions_of
from decisions.cases.so_far import so_far
from decisions.desk.standing import letters_standing
from decisions.emergency.queries import accesses_of
from decisions.life.presenters import present_life
from decisions.patient.queries import needs_of
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest


@require("case.work")
@require_GET
def case(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """The task list of a case."""
    file = open_file(request, case_id)
    record_read(request, file)
    recorded = list(decisions_of(file.case))
    context = {
        **frame(file),
        **since_last_decision(file, recorded),
        "page": present_case(file),
        "so_far": so_far(file),
        "decisions": recorded,
        "letter": letters_standing([file.case.pk]).get(file.case.pk),
        "withdrawn": withdrawn_since(recorded[:1], file.evidence),
        "was_opened_in_emergency": accesses_of(file.case).exists(),
        "needs": needs_of(file.case),
        "life": present_life(file.case, request.user),
    }
    return render(request, "decisions/case.html", context)
