"""What every page of a case does: open the case, write down who read it, frame the page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import CaseFile
from decisions.cases.page_frame import act_first, case_line
from decisions.cases.queries import cases_with_context, file_of
from decisions.documents.words.reading import result_words
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.requests import MemberRequest


def open_file(request: HttpRequest, case_id: UUID, *, even_closed: bool = False) -> CaseFile:
    """The case of this address: two queries. Another clinic's is 404 and an audit event.

    even_closed: for what may be written to a closed case, too. Anything else that is posted to one
    is refused: raises CaseClosedError, which the middleware of life answers.
    """
    case = get_or_404(
        request, cases_with_context(), action="case.read", object_type="case", id=case_id
    )
    if request.method == "POST" and case.closed_at and not even_closed:
        record_refusal(request, "case.change", "case", case_id, reason="closed")
        raise CaseClosedError
    return file_of(case)


def record_read(request: MemberRequest, file: CaseFile, action: str = "case.read") -> None:
    """One audit event for a page of a case."""
    record_event(
        action=action,
        actor=request.user,
        clinic=file.case.clinic,
        object_type="case",
        object_id=file.case.pk,
        case_id=file.case.pk,
    )


def record_listed(request: MemberRequest) -> None:
    """One audit event for names of cases that are shown without opening one."""
    record_event(
        action="case.listed",
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="case",
    )


def frame(file: CaseFile) -> dict[str, object]:
    """What the template of every page of a case shows around its content, without a query."""
    return {
        "case": file.case,
        "case_line": case_line(file),
        "act_first": act_first(file),
        "edition_id": file.edition.id,
        "edition_words": result_words(file.edition.id),
        "evidence_release": file.evidence.release,
    }
