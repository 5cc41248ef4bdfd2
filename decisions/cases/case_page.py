"""What every page of a case does: open the case, write down who read it, frame the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case
from decisions.cases.page_frame import act_first, case_line
from decisions.cases.queries import CASE_WITH_ANSWERS, file_at_once
from decisions.documents.words.reading import result_words
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.requests import MemberRequest

CaseView = Callable[Concatenate[MemberRequest, CaseFile, ...], HttpResponse]
View = Callable[..., HttpResponse]


def case_page(
    action: str,
    *,
    only: Literal["GET", "POST", ""] = "",
    reads: str = "",
    even_closed: bool = False,
) -> Callable[[CaseView], View]:
    """A view of one case, for the roles that may do this. It takes the case in place of `case_id`.

    only: the one method that it answers; without it GET and POST.
    reads: the audit event of a GET. A view that may find nothing to show records its read itself.
    even_closed: as `open_case_of` has it.
    """

    def decorate(view: CaseView) -> View:
        @require(action)
        @require_http_methods([only] if only else ["GET", "POST"])
        @wraps(view)
        def opened(request: MemberRequest, case_id: UUID, **named: object) -> HttpResponse:
            case = open_case_of(request, case_id, even_closed=even_closed)
            if reads and request.method == "GET":
                record_case_read(request, case, reads)
            return view(request, file_at_once(case), **named)

        return opened

    return decorate


def show(
    request: HttpRequest,
    file: CaseFile,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of a case, or a part of one, with what is around its content."""
    return render(request, template, {**frame(file), **context}, status=status)


def open_file(request: HttpRequest, case_id: UUID, *, even_closed: bool = False) -> CaseFile:
    """The case of this address with its answers."""
    return file_at_once(open_case_of(request, case_id, even_closed=even_closed))


def open_case_of(request: HttpRequest, case_id: UUID, *, even_closed: bool = False) -> Case:
    """The case of this address, with its answers in the row. Another clinic's is 404 and an audit
    event.

    even_closed: for what may be written to a closed case, too. Anything else that is posted to one
    is refused: raises CaseClosedError, which the middleware of life answers.
    """
    case = get_or_404(
        request, CASE_WITH_ANSWERS, action="case.read", object_type="case", id=case_id
    )
    if request.method == "POST" and not even_closed:
        refuse_closed(request, case)
    return case


def refuse_closed(request: HttpRequest, case: Case) -> None:
    """Let nothing be written to a closed case. Raises CaseClosedError."""
    if case.closed_at:
        record_refusal(request, "case.change", "case", case.pk, reason="closed")
        raise CaseClosedError


def record_read(request: MemberRequest, file: CaseFile, action: str = "case.read") -> None:
    """One audit event for a page of a case."""
    record_case_read(request, file.case, action)


def record_case_read(request: MemberRequest, case: Case, action: str) -> None:
    """The same, of a case whose answers are in its row."""
    record_event(
        action=action,
        actor=request.user,
        clinic=case.clinic,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
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
