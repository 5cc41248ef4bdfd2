"""Several questions of the short path on one page."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.decision.short_answer import answer_of
from decisions.cases.path.presenters import Path, asked_too, first_beside
from decisions.cases.path.several import present_several, save_several
from decisions.cases.section.saving import Posted
from kapnet.core.people.requests import MemberRequest


@case_page("case.work", reads="case.read", even_closed=True)
def several(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The next questions; a post saves those that are answered and goes on."""
    ask = asked_too(file, request.GET.get("ask", ""))
    if request.method == "GET":
        return _page(request, Path(file, ask, several=True))
    posted = save_several(file=file, post=request.POST, actor=request.user)
    after = Path(posted.file, ask, several=True)
    if not posted.kept:
        return HttpResponseRedirect(after.url())
    record_read(request, posted.file)
    return _page(request, after, posted)


def _page(request: MemberRequest, path: Path, posted: Posted | None = None) -> HttpResponse:
    page = present_several(path, posted)
    if not page.questions:
        return HttpResponseRedirect(Path(path.file, path.ask).url())
    context = {
        "act_first": first_beside(path, page.ids),
        "path": path,
        "page": page,
        "answer": answer_of(path.file.shown),
    }
    status = posted.status if posted else HTTPStatus.OK
    return show(request, path.file, "decisions/several.html", context, status=status)
