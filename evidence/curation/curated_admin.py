"""What the admin pages of every kind of entry do: each change is a draft first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from evidence.curation.actions import CurationRefused, note_edit, restore_entry, withdraw_entry
from evidence.curation.admin_pages import ForEvidenceAdmins
from evidence.curation.entry_forms import (
    WithdrawalForm,
)
from evidence.curation.models import State
from evidence.curation.queries import open_change
from evidence.curation.resting_page import present_resting
from evidence.domain.terms import EntryKind
from evidence.rows import MODELS


class CuratedAdmin(ForEvidenceAdmins, SimpleHistoryAdmin):
    """An entry whose key stays once given, and whose change is a draft until two persons agree."""

    list_per_page = 50
    actions = ("withdraw", "restore")
    why: tuple[str, ...] = ("reason", "was_read")
    """The fields that speak of the change and not of the entry."""

    @property
    def kind(self) -> EntryKind:
        """The kind of entry that this is about."""
        return next(kind for kind, model in MODELS.items() if model is self.model)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins, while no change of the entry is under review."""
        if not super().has_change_permission(request, obj):
            return False
        change = open_change(self.kind, obj.pk) if obj else None
        return change is None or change.state == State.DRAFT

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The key of an entry never changes."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, self.opts.pk.name) if obj and self.opts.pk else fixed

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Why the change is made stands at the end."""
        fieldsets = [
            (name, {**options, "fields": [one for one in options["fields"] if one not in self.why]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return (
            [*fieldsets, ("This change", {"fields": self.why})]
            if self._edits(request, obj)
            else fieldsets
        )

    def _edits(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is None or self.has_change_permission(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the change that is open, if there is one."""
        obj = kwargs.get("obj")
        context["open_change"] = open_change(self.kind, obj.pk) if obj else None
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Somebody may ask for a review while another one saves: then nothing is saved."""
        try:
            page: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except CurationRefused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(request.path)
        return page

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After everything is saved: write down the draft, and say what comes next."""
        super().save_related(request, form, formsets, change)
        draft = note_edit(
            kind=self.kind,
            key=form.instance.pk,
            by=request.user,  # type: ignore[arg-type]
            reason=_reason_of(form.cleaned_data["reason"], formsets),
            was_read=form.cleaned_data["was_read"],
        )
        if draft is None:
            messages.info(request, "Nothing differs from what is published; no draft was made.")
            return
        messages.info(
            request,
            format_html(
                "Saved as a draft. Nothing rests on it before somebody else has approved it and it "
                'is released. <a href="{}">Go to the change</a>.',
                reverse("admin:curation_change_change", args=[draft.pk]),
            ),
        )

    @admin.action(description="Withdraw: counts no more", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask as what and why, then propose it."""
        form = WithdrawalForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            for row in queryset:
                self._propose(request, row.pk, withdraw_entry, **form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "opts": self.opts,
            "form": form,
            "entries": queryset,
            "view": present_resting([(self.kind, row.pk) for row in queryset], _clinic_id(request)),
        }
        return TemplateResponse(request, "evidence/admin_withdraw.html", context)

    @admin.action(description="Take a withdrawal back", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The withdrawal was an error, or holds no more."""
        for row in queryset:
            self._propose(request, row.pk, restore_entry, reason="The withdrawal is taken back.")

    def _propose(
        self, request: HttpRequest, key: str, propose: Callable[..., Any], **how: Any
    ) -> None:
        try:
            propose(kind=self.kind, key=key, by=request.user, **how)
        except CurationRefused as refused:
            messages.error(request, f"{key}: {refused}")
        else:
            messages.success(request, f"{key}: proposed. Somebody else must approve it.")

    @admin.display(description="state")
    def state(self, row: Any) -> str:
        """Where it stands: published, withdrawn, or on the way of an open change."""
        if change := open_change(self.kind, row.pk):
            return change.get_state_display()
        return row.get_withdrawn_as_display() or "Published"


def _reason_of(reason: str, formsets: Iterable[Any]) -> str:
    """Why the change is made; that odd numbers are so printed belongs to it."""
    is_printed = any(getattr(one, "is_confirmed", False) for one in formsets)
    return f"{reason} (The numbers are so printed.)" if is_printed else reason


def _clinic_id(request: HttpRequest) -> str | None:
    membership = getattr(request, "membership", None)
    return str(membership.clinic_id) if membership else None
