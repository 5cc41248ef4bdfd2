"""The desk of the evidence admins: changes on their way, and releases that wait for a signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from evidence.curation import (
    actions,
    entry_admin,  # noqa: F401, imported for what it registers
    import_admin,  # noqa: F401, imported for what it registers
    releasing,
)
from evidence.curation.actions import CurationRefused
from evidence.curation.admin_pages import ReadByName
from evidence.curation.forms import ReleaseForm, StepForm
from evidence.curation.models import Change, ReleaseDraft
from evidence.curation.presenters import present_impact, steps_for
from evidence.curation.queries import (
    approved_changes,
    difference_of,
    seen_of_change,
    seen_of_draft,
)
from evidence.queries import endings_today
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404

STEPS: dict[str, Callable[..., None]] = {
    "submit": actions.submit,
    "approve": actions.approve,
    "send_back": actions.send_back,
    "discard": actions.discard,
}
AFTER_READING = frozenset({"approve", "discard"})
"""Steps that are taken on what the page showed, and on nothing else."""


@admin.register(Change)
class ChangeAdmin(ReadByName):
    """Every change, with what it does, its steps and what was said about it."""

    list_display = ("__str__", "action", "state", "opened_at", "release")
    list_filter = ("state", "action", "entry_kind")
    search_fields = ("entry_key",)
    list_per_page = 50

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """One change; a POST takes a step or adds a comment."""
        return _change(request, self, object_id)


@require("evidence.curate")
def _change(request: HttpRequest, site: ReadByName, object_id: str) -> HttpResponse:
    change = get_or_404(
        request,
        Change.objects.all(),
        action="evidence_change.read",
        object_type="evidence_change",
        pk=object_id,
    )
    form = StepForm(request.POST or None)
    if form.is_valid() and _take_step(request, change, form.cleaned_data["reason"]):
        return HttpResponseRedirect(request.path)
    change.refresh_from_db()
    entry = f"admin:evidence_{change.entry_kind}_change"
    return site.page(
        request,
        "evidence/curation/change.html",
        title=str(change),
        change=change,
        differences=difference_of(change),
        steps=steps_for(change, request.user),  # type: ignore[arg-type]
        seen=seen_of_change(change),
        form=form,
        entry_url=reverse(entry, args=[change.entry_key]),
    )


def _take_step(request: HttpRequest, change: Change, reason: str) -> bool:
    name = request.POST.get("step", "")
    step = STEPS.get(name)
    read = {"seen": request.POST.get("seen", "")} if name in AFTER_READING else {}
    try:
        if step:
            step(change=change, by=request.user, reason=reason, **read)
        else:
            actions.comment(change=change, by=request.user, text=reason)  # type: ignore[arg-type]
    except CurationRefused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, change.get_state_display() if step else "Comment added.")
    return True


@admin.register(ReleaseDraft)
class ReleaseDraftAdmin(ReadByName):
    """Releases on their way: prepared by one person, signed by another."""

    list_display = ("prepared_at", "status", "prepared_by", "signed_by", "release")
    list_filter = ("status",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins prepare releases."""
        return self.has_view_permission(request)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Prepare a release."""
        return _prepare(request, self)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What a prepared release would change, to be signed by a second person."""
        return _draft(request, self, object_id)


@require("evidence.curate")
def _prepare(request: HttpRequest, site: ReadByName) -> HttpResponse:
    form = ReleaseForm(request.POST or None)
    if form.is_valid():
        try:
            draft = _prepared(request, form)
        except CurationRefused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(
                reverse("admin:curation_releasedraft_change", args=[draft.pk])
            )
    return site.page(
        request,
        "evidence/curation/prepare_release.html",
        title="Prepare a release",
        form=form,
        changes=approved_changes(),
    )


def _prepared(request: HttpRequest, form: ReleaseForm) -> ReleaseDraft:
    notes, earlier = form.cleaned_data["notes"], form.cleaned_data["rolls_back_to"]
    if earlier:
        return releasing.roll_back(to=earlier, by=request.user, notes=notes)  # type: ignore[arg-type]
    return releasing.prepare_release(by=request.user, notes=notes)  # type: ignore[arg-type]


@require("evidence.curate")
def _draft(request: HttpRequest, site: ReadByName, object_id: str) -> HttpResponse:
    draft = get_or_404(
        request,
        ReleaseDraft.objects.all(),
        action="evidence_release.read",
        object_type="evidence_release",
        pk=object_id,
    )
    if request.method == "POST" and _sign_or_drop(request, draft):
        return HttpResponseRedirect(request.path)
    return site.page(
        request,
        "evidence/curation/release_draft.html",
        title="A release that waits" if draft.status == "open" else "A release",
        draft=draft,
        changes=[] if draft.rolls_back_to else approved_changes(),
        view=present_impact(draft.impact, _clinics_of(request), endings_today()),
        may_sign=request.user.pk != draft.prepared_by_id,
        seen=seen_of_draft(draft),
    )


def _sign_or_drop(request: HttpRequest, draft: ReleaseDraft) -> bool:
    """Whether a step was taken; a post that names none takes none."""
    try:
        match request.POST.get("step"):
            case "drop":
                releasing.drop(draft=draft, by=request.user)  # type: ignore[arg-type]
                messages.success(request, "Dropped. Its changes stay approved.")
            case "sign":
                release = releasing.sign_and_publish(
                    draft=draft,
                    by=request.user,  # type: ignore[arg-type]
                    seen=request.POST.get("seen", ""),
                )
                messages.success(
                    request, f"Published as release {release.name}. New decisions rest on it."
                )
            case _:
                return False
    except CurationRefused as refused:
        messages.error(request, str(refused))
        return False
    return True


def _clinics_of(request: HttpRequest) -> frozenset[str]:
    membership = getattr(request, "membership", None)
    return frozenset({str(membership.clinic_id)}) if membership else frozenset()
