"""Changes on their way: the list, and one with what it does, its steps and what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evidence.curation import actions
from evidence.curation.actions import CurationRefused
from evidence.curation.forms import StepForm
from evidence.curation.models import Change, State
from evidence.curation.pages.opening import refuse, status_of
from evidence.curation.presenters import count_states, present_change
from evidence.curation.queries import abstract_of, seen_of_change
from evidence.curation.waiting import with_last_steps
from evidence.domain.terms import EntryKind
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import SignedInRequest

CHANGES_A_PAGE = 50
COMMENT = "comment"
STEPS: Mapping[str, Callable[..., None]] = {
    "submit": actions.submit,
    "approve": actions.approve,
    "send_back": actions.send_back,
    "discard": actions.discard,
}
AFTER_READING = frozenset({"approve", "discard"})
"""Steps that are taken on what the page showed, and on nothing else."""

SAID: Mapping[str, str] = {
    "submit": "In review. The other evidence admins are told.",
    "approve": "Approved. It waits for the next release.",
    "send_back": "Back to draft. The others who wrote it are told.",
    "discard": "Discarded. The entry says again what is published.",
    COMMENT: "Comment added.",
}


@require("evidence.curate")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Every change, the newest first, or those of one state."""
    asked = request.GET.get("state", "")
    found = Change.objects.select_related("release")
    chosen = asked if asked in State.values else ""
    if chosen:
        found = found.filter(state=chosen)
    page = Paginator(found, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_last_steps(page.object_list),
        "chosen": chosen,
        "states": count_states(),
    }
    return render(request, "evidence/curation/changes.html", context)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, change_id: int) -> HttpResponse:
    """One change; a POST takes a step or adds a comment."""
    found = get_or_404(
        request,
        Change.objects.select_related("release"),
        action="evidence_change.read",
        object_type="evidence_change",
        pk=change_id,
    )
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _take_step(request, found, form.cleaned_data["reason"])
        except CurationRefused as refused:
            refuse(form, refused)
        else:
            return redirect("curation:change", found.pk)
    found.refresh_from_db()
    context = {
        "view": present_change(found, request.user),
        "change": found,
        "abstract": abstract_of(EntryKind(found.entry_kind), found.entry_key),
        "seen": seen_of_change(found),
        "form": form,
    }
    return render(request, "evidence/curation/change.html", context, status=status_of(form))


def _take_step(request: SignedInRequest, found: Change, reason: str) -> None:
    name = request.POST.get("step", "")
    if step := STEPS.get(name):
        seen = {"seen": request.POST.get("seen", "")} if name in AFTER_READING else {}
        step(change=found, by=request.user, reason=reason, **seen)
    else:
        name = COMMENT
        actions.comment(change=found, by=request.user, text=reason)
    messages.success(request, SAID[name])
