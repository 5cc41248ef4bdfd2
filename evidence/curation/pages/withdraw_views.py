"""Proposing that entries no longer count, or that one counts again."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evidence.curation.actions import CurationRefused, Overtaken
from evidence.curation.entry_forms import RestoreForm, WithdrawalForm
from evidence.curation.entry_list import WORDS, in_short
from evidence.curation.models import Change, State
from evidence.curation.pages.opening import kind_or_404, refuse, row_or_404, status_of
from evidence.curation.queries import open_change, open_changes
from evidence.curation.resting_page import present_resting
from evidence.curation.withdrawing import restore_entry, withdraw_entries, withdraw_entry
from evidence.domain.terms import EntryKind
from evidence.rows import MODELS, Row
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest

MOST_AT_ONCE = 50
"""As many as one page of a list shows."""


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, entry_kind: str, entry_key: str) -> HttpResponse:
    """What rests on an entry, and as what and why it is withdrawn; or why it counts again."""
    kind = kind_or_404(entry_kind)
    row = row_or_404(kind, entry_key)
    data = request.POST if request.method == "POST" else None
    form = RestoreForm(data) if row.withdrawn_as else WithdrawalForm(data)
    if data is not None and form.is_valid():
        try:
            _refuse_other_page(data, form)
            change = _propose(request, kind, row, form)
        except CurationRefused as refused:
            refuse(form, refused)
        else:
            return redirect("curation:change", change.pk)
    context = {
        "kind": kind.value,
        "row": row,
        "name": in_short(row)[0],
        "form": form,
        "change": open_change(kind, row.pk),
        "entries": [row],
        "view": None if row.withdrawn_as else present_resting([(kind, row.pk)]),
    }
    return render(request, "evidence/curation/withdraw.html", context, status=status_of(form))


def _refuse_other_page(data: QueryDict, form: RestoreForm | WithdrawalForm) -> None:
    """A page that is older than the last step asks for the opposite of what it says."""
    if data.get("asks_to", form.asks_to) != form.asks_to:
        now = "counts again" if isinstance(form, WithdrawalForm) else "was withdrawn already"
        raise Overtaken(f"It {now}: you opened this page before that. Nothing was changed.")


def _propose(
    request: SignedInRequest, kind: EntryKind, row: Row, form: RestoreForm | WithdrawalForm
) -> Change:
    propose = withdraw_entry if isinstance(form, WithdrawalForm) else restore_entry
    return propose(kind=kind, key=row.pk, by=request.user, **form.cleaned_data)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def withdraw_several(request: SignedInRequest, entry_kind: str) -> HttpResponse:
    """What rests on the entries that were ticked in a list, and why they are all withdrawn."""
    kind = kind_or_404(entry_kind)
    data = request.POST if request.method == "POST" else None
    sent = (data or request.GET).getlist("key")[:MOST_AT_ONCE]
    keys = [one for one in sent if "\0" not in one]
    every: QuerySet[Row] = MODELS[kind].objects.filter(pk__in=keys)
    rows = list(every.order_by("pk"))
    if not rows:
        messages.error(request, "Tick what you want to withdraw first.")
        return redirect("curation:entries", kind.value)
    if data is None and len(rows) == 1:
        return redirect("curation:withdraw", kind.value, rows[0].pk)
    form = WithdrawalForm(data)
    if data is not None and form.is_valid():
        try:
            changes = withdraw_entries(kind=kind, keys=keys, by=request.user, **form.cleaned_data)
        except CurationRefused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"{len(changes)} drafts made. Ask for a review of each.")
            return redirect(f"{reverse('curation:changes')}?state={State.DRAFT}")
    context = {
        "kind": kind.value,
        "many": WORDS[kind][1].lower(),
        "rows": [(one, in_short(one)[0]) for one in rows],
        "form": form,
        "changes": open_changes(kind, keys),
        "entries": rows,
        "view": present_resting([(kind, one.pk) for one in rows]),
    }
    return render(
        request, "evidence/curation/withdraw_several.html", context, status=status_of(form)
    )
