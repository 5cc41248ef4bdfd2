"""A therapist's own phrases: written, changed, removed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from decisions.phrases.actions import change_phrase, keep_phrase, remove_phrase
from decisions.phrases.forms import PhraseForm
from decisions.phrases.models import Phrase
from decisions.phrases.queries import phrases_of
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import UNPROCESSABLE


@require("case.work")
@require_http_methods(["GET", "POST"])
def phrases(request: MemberRequest) -> HttpResponse:
    """One's own phrases; a post keeps a new one."""
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clinic = request.membership.clinic
        keep_phrase(clinic=clinic, actor=request.user, **form.cleaned_data)
        return redirect("phrases:phrases")
    _record_read(request)
    context = {"form": form, "phrases": phrases_of(request.user)}
    return render(request, "phrases/phrases.html", context, status=_status(form))


@require("case.work")
@require_http_methods(["GET", "POST"])
def phrase(request: MemberRequest, phrase_id: UUID) -> HttpResponse:
    """Change one."""
    row = _own(request, phrase_id, "phrase.change")
    form = PhraseForm(request.POST or None, initial={"text": row.text, "kind": row.kind})
    if request.method == "POST" and form.is_valid():
        change_phrase(phrase=row, actor=request.user, **form.cleaned_data)
        return redirect("phrases:phrases")
    _record_read(request, row)
    context = {"form": form, "phrase": row}
    return render(request, "phrases/phrase.html", context, status=_status(form))


@require("case.work")
@require_POST
def remove(request: MemberRequest, phrase_id: UUID) -> HttpResponse:
    """Remove one."""
    remove_phrase(phrase=_own(request, phrase_id, "phrase.remove"), actor=request.user)
    return redirect("phrases:phrases")


def _own(request: MemberRequest, phrase_id: UUID, action: str) -> Phrase:
    own = phrases_of(request.user)
    return get_or_404(request, own, action=action, object_type="phrase", id=phrase_id)


def _record_read(request: MemberRequest, row: Phrase | None = None) -> None:
    record_event(
        action="phrase.read" if row else "phrase.listed",
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="phrase",
        object_id=row.pk if row else "",
    )


def _status(form: PhraseForm) -> int:
    return UNPROCESSABLE if form.is_bound else 200
