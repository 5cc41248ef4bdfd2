"""The page of whoever holds a letter: the same for every code, and reading it changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from decisions.desk.replies.forms import LONGEST_TYPED, NOT_TAKEN, ReplyForm
from decisions.desk.replies.taking import NotTakenError, take_reply
from kapnet.core.accounts.policies import require
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.models import User
from kapnet.core.web.secret_pages import answered_evenly, is_within, secret_page, too_many_tries
from kapnet.core.web.statuses import UNPROCESSABLE


@require("letter.reply")
@secret_page
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, code: str = "") -> HttpResponse:
    """Answer a letter. The code in the address fills in that of the form."""
    if request.method != "POST":
        return _page(request, ReplyForm(initial={"code": code[:LONGEST_TYPED]}))
    if not is_within(request, "reply.try"):
        return too_many_tries(request)
    form = ReplyForm(request.POST)
    if form.is_valid() and _is_taken(request, form):
        return redirect("desk:reply_sent")
    return _page(request, form, status=UNPROCESSABLE)


def _is_taken(request: HttpRequest, form: ReplyForm) -> bool:
    """Whether a letter took it; what was typed stays in the form where none did."""
    actor = request.user if isinstance(request.user, User) else None
    with answered_evenly():
        try:
            take_reply(code=form.cleaned_data["code"], said=form.said, actor=actor)
        except NotTakenError:
            record_refusal(request, "letter.reply_came", "letter", reason="no letter takes it")
            form.add_error("code", NOT_TAKEN)
            return False
    return True


def _page(request: HttpRequest, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    return render(request, "desk/reply.html", {"form": form}, status=status)


@require("letter.reply")
@secret_page
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What happens with a reply that was sent; the code is in no address any more."""
    return render(request, "desk/reply_sent.html")
