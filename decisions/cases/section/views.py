"""One page a section: the questions, saved one by one or all at once."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.path.leaving import not_known
from decisions.cases.section.presenters import present_section
from decisions.cases.section.replaced import keep_replaced, replaced_in, with_previous
from decisions.cases.section.saved import present_saved
from decisions.cases.section.saving import Posted, save_posted
from decisions.cases.so_far import so_far
from decisions.rules.questionnaire.questionnaire import Section
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

RETURNS = {
    "check": "cases:check",
    "decision": "cases:decision",
    "path": "cases:path",
    "several": "cases:several",
}
"""The pages that a change of one answer comes back to, by `?return=`."""


@case_page("case.work", even_closed=True)
def section(request: MemberRequest, file: CaseFile, section_id: str) -> HttpResponse:
    """The questions of one section, with "what the answers say so far" beside them."""
    asked = _section_or_404(file, section_id)
    if request.method == "POST":
        return _save(request, file, asked)
    record_read(request, file)
    return _page(request, Posted(file), asked)


def _section_or_404(file: CaseFile, section_id: str) -> Section:
    try:
        return file.edition.questionnaire.section(section_id)
    except KeyError as missing:
        raise Http404("section") from missing


def _save(request: MemberRequest, file: CaseFile, asked: Section) -> HttpResponse:
    post = with_previous(request, file)
    posted = save_posted(file=file, questions=asked.questions, post=post, actor=request.user)
    if "all_not_known" in request.POST:
        before = posted.file
        posted.file = not_known(file=before, questions=asked.questions, actor=request.user)
        posted.changed |= posted.file.answers.values.keys() - before.answers.values.keys()
    if not posted.changed:
        record_read(request, posted.file)
    if request.htmx:
        return _fragment(request, file, posted, asked)
    keep_replaced(request, file, posted.file, posted.changed)
    if posted.kept:
        return _page(request, posted, asked)
    return HttpResponseRedirect(_after(request, file, posted, asked))


def _page(request: MemberRequest, posted: Posted, asked: Section) -> HttpResponse:
    back_to = request.GET.get("return", "")
    context = {
        "page": present_section(posted.file, asked, posted.kept, replaced_in(request, posted.file)),
        "so_far": so_far(posted.file),
        "back_to": back_to if back_to in RETURNS else "",
    }
    return show(request, posted.file, "decisions/section.html", context, status=_status(posted))


def _fragment(
    request: MemberRequest, before: CaseFile, posted: Posted, asked: Section
) -> HttpResponse:
    """What one save changes on the page, and nothing that somebody may be typing in."""
    question_id = request.POST.get("question", "")
    if question_id not in {question.id for question in asked.questions}:
        raise Http404("question")
    saved = present_saved(before, posted, asked, question_id, request.POST)
    context = {"saved": saved, "so_far": so_far(posted.file)}
    return show(
        request, posted.file, "decisions/_saved_parts.html", context, status=_status(posted)
    )


def _status(posted: Posted) -> int:
    if posted.has_conflicts:
        return CONFLICT
    return UNPROCESSABLE if posted.problems else 200


def _after(request: MemberRequest, before: CaseFile, posted: Posted, asked: Section) -> str:
    """Where an ordinary post leads: to what is newly asked here, back, or to the next section."""
    here = reverse("cases:section", args=[posted.file.case.pk, asked.id])
    back_to = request.GET.get("return", "")
    query = f"?return={back_to}" if back_to in RETURNS else ""
    if posted.file.open_task != before.open_task:
        return f"{here}{query}#act-first-item9"
    for name in (
        request.POST.get("clear"),
        request.POST.get("take"),
        request.POST.get("undo"),
        request.POST.get("offered"),
        *_newly(before, posted, asked),
    ):
        if name is not None and posted.file.edition.questionnaire.has_question(name):
            return f"{here}{query}#{name}"
    if {"stay", "keep", "all_not_known"} & request.POST.keys():
        return f"{here}{query}"
    if query:
        return reverse(RETURNS[back_to], args=[posted.file.case.pk])
    return _next(posted.file, asked)


def _newly(before: CaseFile, posted: Posted, asked: Section) -> tuple[str, ...]:
    """The questions of this section that are asked since this post."""
    return tuple(
        one.id
        for one in asked.questions
        if posted.file.answers.is_asked(one.id) and not before.answers.is_asked(one.id)
    )


def _next(file: CaseFile, asked: Section) -> str:
    sections = file.edition.questionnaire.sections
    place = sections.index(asked) + 1
    if place == len(sections):
        return reverse("cases:check", args=[file.case.pk])
    return reverse("cases:section", args=[file.case.pk, sections[place].id])
