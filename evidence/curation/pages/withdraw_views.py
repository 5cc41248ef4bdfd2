"""Proposing that an entry no longer counts, or that it counts again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evidence.curation.actions import CurationRefused, restore_entry, withdraw_entry
from evidence.curation.entry_forms import RestoreForm, WithdrawalForm
from evidence.curation.entry_list import in_short
from evidence.curation.models import Change
from evidence.curation.pages.opening import kind_or_404, row_or_404, status_of
from evidence.curation.queries import open_change
from evidence.curation.resting_page import present_resting
from evidence.domain.terms import EntryKind
from evidence.rows import Row
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest


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
            change = _propose(request, kind, row, form)
        except CurationRefused as refused:
            form.add_error(None, str(refused))
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


def _propose(
    request: SignedInRequest, kind: EntryKind, row: Row, form: RestoreForm | WithdrawalForm
) -> Change:
    propose = withdraw_entry if isinstance(form, WithdrawalForm) else restore_entry
    return propose(kind=kind, key=row.pk, by=request.user, **form.cleaned_data)
