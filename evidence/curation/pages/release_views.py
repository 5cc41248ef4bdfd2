"""Releases on their way: prepared by one person, read and signed by another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence.curation import preparing, releasing
from evidence.curation.actions import CurationRefused
from evidence.curation.forms import ReleaseForm, SignForm
from evidence.curation.models import ReleaseDraft
from evidence.curation.pages.opening import refuse, status_of
from evidence.curation.preparing import stands_still
from evidence.curation.presenters import present_impact
from evidence.curation.queries import approved_changes, seen_of_draft
from evidence.curation.releasing import why_outdated
from evidence.curation.waiting import with_last_steps
from evidence.queries import endings_today
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.sessions import asked_by_itself
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.accounts.signing import check_password
from kapnet.core.background.jobs import is_worker_away
from kapnet.core.people.requests import SignedInRequest

MOST_SHOWN = 20


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def releases(request: SignedInRequest) -> HttpResponse:
    """What is approved, a form to prepare a release of it, and the drafts so far."""
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = releasing.ask_for_release(by=request.user, **form.cleaned_data)
        except CurationRefused as refused:
            refuse(form, refused)
        else:
            return redirect("curation:draft", draft.pk)
    drafts = ReleaseDraft.objects.select_related("prepared_by", "signed_by", "release")
    context = {
        "form": form,
        "approved": with_last_steps(approved_changes()),
        "drafts": drafts.defer("impact")[:MOST_SHOWN],
    }
    return render(request, "evidence/curation/releases.html", context, status=status_of(form))


@require("evidence.curate")
@asked_by_itself
@require_safe
def draft(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """How far a draft is, or what it would change, to be signed by a second person."""
    return _page(request, _open(request, draft_id), SignForm())


@require("evidence.curate")
@require_POST
def sign(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """Sign and publish with the password, on what the page showed."""
    found = _open(request, draft_id)
    form = SignForm(request.POST)
    if form.is_valid() and check_password(
        request, form, action="evidence_release.signed", object_type="evidence_release_draft"
    ):
        try:
            release = releasing.sign_and_publish(
                draft=found, by=request.user, seen=form.cleaned_data["seen"]
            )
        except CurationRefused as refused:
            refuse(form, refused)
        else:
            said = f"Published as release {release.name}. New decisions rest on it."
            messages.success(request, said)
            return redirect("curation:draft", found.pk)
    found.refresh_from_db()
    return _page(request, found, form)


@require("evidence.curate")
@require_POST
def drop(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """Give a draft up."""
    found = _open(request, draft_id)
    releasing.drop(draft=found, by=request.user)
    messages.success(request, "Dropped. Its changes stay approved.")
    return redirect("curation:releases")


@require("evidence.curate")
@require_POST
def start(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """Let a worker count again what a draft would change."""
    found = _open(request, draft_id)
    if preparing.start(draft=found, by=request.user):
        messages.success(request, "A worker counts it again, from the first case.")
    return redirect("curation:draft", found.pk)


@require("evidence.curate")
@require_POST
def stop(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """End the counting of what a draft would change."""
    found = _open(request, draft_id)
    if preparing.stop(draft=found, by=request.user):
        messages.success(request, "Stopped. The draft and its changes are kept.")
    return redirect("curation:draft", found.pk)


def _open(request: SignedInRequest, draft_id: int) -> ReleaseDraft:
    return get_or_404(
        request,
        ReleaseDraft.objects.select_related(
            "prepared_by", "started_by", "signed_by", "release", "rolls_back_to"
        ),
        action="evidence_release.read",
        object_type="evidence_release",
        pk=draft_id,
    )


def _page(request: SignedInRequest, found: ReleaseDraft, form: SignForm) -> HttpResponse:
    is_open = found.status == ReleaseDraft.Status.OPEN
    view = present_impact(found.impact, endings_today()) if found.impact else None
    context = {
        "draft": found,
        "form": form,
        "changes": with_last_steps(approved_changes()) if found.takes_up_changes else [],
        "view": view,
        "outdated": why_outdated(found) if is_open else "",
        "may_sign": request.user.pk != found.prepared_by_id,
        "seen": seen_of_draft(found) if is_open else "",
        "no_worker": found.is_being_counted and is_worker_away(),
        "stands_still": stands_still(found),
    }
    return render(request, "evidence/curation/release_draft.html", context, status=status_of(form))
