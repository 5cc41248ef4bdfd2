"""The task list of a case."""

from __future__ import annotations

from django.http import HttpResponse

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.cases.decision.changed_since import since_last_decision
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.cases.presenters import present_case
from decisions.cases.queries import decisions_of
from decisions.cases.so_far import so_far
from decisions.desk.standing import letters_standing
from decisions.emergency.queries import accesses_of
from decisions.fhir.received.proposing import open_in
from decisions.form_links.proposing import open_proposals_of
from decisions.life.presenters import present_life
from decisions.patient.queries import needs_of
from kapnet.core.people.requests import MemberRequest


@case_page("case.work", only="GET", reads="case.read")
def case(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The task list of a case."""
    recorded = list(decisions_of(file.case))
    context = {
        **since_last_decision(file, recorded),
        "page": present_case(file),
        "so_far": so_far(file),
        "decisions": recorded,
        "letter": letters_standing([file.case.pk]).get(file.case.pk),
        "withdrawn": withdrawn_since(recorded[:1], file.evidence),
        "was_opened_in_emergency": accesses_of(file.case).exists(),
        "needs": needs_of(file.case),
        "statements": open_proposals_of(file.case).count(),
        "said_elsewhere": open_in(file.case).count(),
        "life": present_life(file.case, request.user),
    }
    return show(request, file, "decisions/case.html", context)
