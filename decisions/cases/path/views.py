"""The short path: the next card, a card by its question, and what is left to others."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.decision.short_answer import answer_of
from decisions.cases.page_frame import act_first
from decisions.cases.path.cards import Card, present_card
from decisions.cases.path.last_card import present_last_card
from decisions.cases.path.leaving import leave_open, take_back
from decisions.cases.path.presenters import Path, asked_too, first_beside
from decisions.cases.path.saving import save_card
from decisions.cases.section.presenters import NOTHING
from decisions.cases.section.replaced import keep_replaced, replaced_in, with_previous
from decisions.cases.section.saving import Posted
from kapnet.core.people.requests import MemberRequest


@case_page("case.work", reads="case.read")
def short_path(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The next card, or the last one; a post leaves a group to who clears it."""
    path = Path(file, asked_too(file, request.GET.get("ask", "")))
    if request.method == "GET":
        return _next_card(request, path, file)
    after = _leave(request, file)
    if request.POST.get("to") == "answer":
        return HttpResponseRedirect(reverse("cases:decision", args=[file.case.pk]))
    if request.htmx:
        return _next_card(request, Path(after, ""), file)
    return HttpResponseRedirect(Path(after, "").url())


def _leave(request: MemberRequest, file: CaseFile) -> CaseFile:
    """Leave each named group to who clears it, or take it back."""
    act, name = (leave_open, "leave") if "leave" in request.POST else (take_back, "take_back")
    named = request.POST.getlist(name)
    if not named or not set(named) <= file.edition.short_path.cleared_by.keys():
        raise Http404("reader")
    for who in named:
        file = act(file=file, who=who, actor=request.user)
    return file


@case_page("case.work", even_closed=True)
def card(request: MemberRequest, file: CaseFile, question_id: str) -> HttpResponse:
    """One card. A post saves it and goes on."""
    if not file.edition.questionnaire.has_question(question_id):
        raise Http404("question")
    path = Path(file, asked_too(file, request.GET.get("ask", "")))
    if request.method == "GET":
        record_read(request, file)
        if not file.answers.is_asked(question_id):
            return _next_card(request, path, file)
        return _one_card(request, path, file, question_id)
    post = with_previous(request, file)
    posted = save_card(file=file, question_id=question_id, post=post, actor=request.user)
    keep_replaced(request, file, posted.file, posted.changed)
    if not posted.changed:
        record_read(request, posted.file)
    after = Path(posted.file, path.ask)
    if posted.kept:
        return _one_card(request, after, file, question_id, posted)
    if request.htmx:
        return _next_card(request, after, file)
    return HttpResponseRedirect(after.url())


def _next_card(request: MemberRequest, path: Path, before: CaseFile) -> HttpResponse:
    if path.next:
        return _one_card(request, path, before, path.next[0])
    return _page(request, path, before, {"last": present_last_card(path)})


def _one_card(
    request: MemberRequest,
    path: Path,
    before: CaseFile,
    question_id: str,
    posted: Posted | None = None,
) -> HttpResponse:
    kept, replaced = posted.kept if posted else NOTHING, replaced_in(request, path.file)
    shown = {"card": present_card(path, question_id, kept, replaced)}
    return _page(request, path, before, shown, status=posted.status if posted else HTTPStatus.OK)


def _questions_of(card: object) -> tuple[str, ...]:
    return (card.id,) if isinstance(card, Card) else ()


def _page(
    request: MemberRequest,
    path: Path,
    before: CaseFile,
    shown: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """The whole page; to htmx the card and what changes beside it."""
    context = {
        "act_first": first_beside(path, _questions_of(shown.get("card"))),
        "path": path,
        "answer": answer_of(path.file.shown),
        "act_first_changed": act_first(before) != act_first(path.file),
        **shown,
    }
    if not request.htmx:
        return show(request, path.file, "decisions/path.html", context, status=status)
    response = show(request, path.file, "decisions/_card_parts.html", context, status=status)
    response["HX-Replace-Url"] = path.url()
    return response
