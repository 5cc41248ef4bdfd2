"""Taking everything of a clinic along: asked for, agreed to, made, taken. One page by state."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from decisions.exit import actions
from decisions.exit.actions import ExitRefused
from decisions.exit.forms import AgreeForm, AskForm, BeginForm, RefuseForm
from decisions.exit.making import parts_of
from decisions.exit.models import Exit
from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.second_factor import is_missing_to_sign, lead_to_second_factor
from kapnet.core.accounts.sessions import asked_by_itself
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.accounts.signing import check_password
from kapnet.core.background.jobs import is_worker_away
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import UNPROCESSABLE

SET_UP_FIRST = "Not done yet: this needs a second factor. Set it up, then come back."
MOST_SHOWN = 20


@require("exit.read")
@asked_by_itself
@require_GET
def exit_page(request: MemberRequest) -> HttpResponse:
    """How far it is, and what this person may do next."""
    actions.lapse(request.membership.clinic)
    return _page(request)


@require("exit.ask")
@require_POST
def ask(request: MemberRequest) -> HttpResponse:
    """A manager asks for it."""
    if is_missing_to_sign(request.user):
        return lead_to_second_factor(request, SET_UP_FIRST)
    form = AskForm(request.POST)
    if not form.is_valid() or not check_password(
        request, form, action="exit.asked", object_type="exit"
    ):
        return _page(request, ask=form)
    return _done(
        request,
        "Asked for. All therapists and managers are told.",
        lambda: actions.ask(
            clinic=request.membership.clinic,
            actor=request.user,
            reason=form.cleaned_data["reason"],
        ),
    )


@require("exit.settle")
@require_POST
def settle(request: MemberRequest, exit_id: UUID) -> HttpResponse:
    """Agree to it, or refuse it (`refuse`)."""
    asked = _open(request, exit_id)
    if "refuse" in request.POST:
        no = RefuseForm(request.POST)
        if not no.is_valid():
            return _page(request, refuse=no)
        because = no.cleaned_data["because"]
        return _done(
            request,
            "Refused.",
            lambda: actions.refuse(asked=asked, actor=request.user, because=because),
        )
    if is_missing_to_sign(request.user):
        return lead_to_second_factor(request, SET_UP_FIRST)
    form = AgreeForm(request.POST)
    if not form.is_valid() or not check_password(
        request, form, action="exit.agreed", object_type="exit"
    ):
        return _page(request, agree=form)
    return _done(request, "Agreed.", lambda: actions.agree(asked=asked, actor=request.user))


@require("exit.ask")
@require_POST
def begin_file(request: MemberRequest, exit_id: UUID) -> HttpResponse:
    """Take the passphrase and let the file be made."""
    agreed = _open(request, exit_id)
    form = BeginForm(request.POST, user=request.user)
    if not form.is_valid() or not check_password(
        request, form, action="exit.begun", object_type="exit"
    ):
        return _page(request, begin=form)
    passphrase = form.cleaned_data["passphrase"]
    return _done(
        request,
        "The file is being made.",
        lambda: actions.begin(agreed=agreed, actor=request.user, passphrase=passphrase),
    )


@require("exit.ask")
@require_POST
def resume(request: MemberRequest, exit_id: UUID) -> HttpResponse:
    """Let a worker take up a file that does not go on."""
    running = _open(request, exit_id)
    if actions.stands_still(running):
        actions.go_on(running=running, actor=request.user)
        messages.success(request, "It is made again from its beginning.")
    return redirect("exit:exit")


@require("exit.read")
@require_POST
def stop_it(request: MemberRequest, exit_id: UUID) -> HttpResponse:
    """Anybody who is told can stop it."""
    open_one = _open(request, exit_id)
    return _done(
        request,
        "Stopped. No file is kept.",
        lambda: actions.stop(open_one=open_one, actor=request.user),
    )


@require("exit.ask")
@limited("trail.export")
@require_GET
def file(request: MemberRequest, exit_id: UUID) -> HttpResponseBase:
    """The file, for who asked for it. One that is not there leads to the page."""
    try:
        ready = actions.note_download(ready=_open(request, exit_id), actor=request.user)
    except ExitRefused as refused:
        messages.error(request, str(refused))
        return redirect("exit:exit")
    name = f"clinic-{ready.ready_at:%Y-%m-%d}.zip.age"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(ready.file_bytes),
        "Cache-Control": "no-store, private",
    }
    return StreamingHttpResponse(
        parts_of(ready), content_type="application/octet-stream", headers=headers
    )


def _open(request: MemberRequest, exit_id: UUID) -> Exit:
    own = Exit.objects.select_related("clinic").filter(clinic=request.membership.clinic)
    return get_or_404(request, own, action="exit.read", object_type="exit", id=exit_id)


def _done(request: MemberRequest, said: str, act: object) -> HttpResponse:
    try:
        act()  # type: ignore[operator]
    except ExitRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("exit:exit")


def _page(request: MemberRequest, **bound: Form) -> HttpResponse:
    """The page with its forms. bound: the one that was sent, which has mistakes in it."""
    rows = Exit.objects.filter(clinic=request.membership.clinic).select_related(
        "asked_by", "settled_by"
    )
    now = rows.filter(state__in=actions.OPEN).first()
    is_asker = now is not None and now.asked_by_id == request.user.pk
    may_ask = may(request.role, "exit.ask")
    waits, agreed = (now is not None and now.state == one for one in ("waiting", "agreed"))
    settles = waits and may(request.role, "exit.settle")
    context = {
        "now": now,
        "earlier": rows.exclude(state__in=actions.OPEN)[:MOST_SHOWN],
        "is_asker": is_asker,
        "ask": bound.get("ask", AskForm() if may_ask and now is None else None),
        "agree": bound.get("agree", AgreeForm() if settles else None),
        "refuse": bound.get("refuse", RefuseForm() if settles else None),
        "begin": bound.get(
            "begin", BeginForm(user=request.user) if agreed and is_asker and may_ask else None
        ),
        "form": next(iter(bound.values()), None),
        "no_worker": now is not None and now.state == Exit.State.RUNNING and is_worker_away(),
        "stands_still": now is not None and actions.stands_still(now),
        "may_ask": may_ask,
    }
    return render(request, "exit/exit.html", context, status=UNPROCESSABLE if bound else 200)
