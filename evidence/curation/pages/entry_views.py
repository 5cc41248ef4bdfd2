"""Entries as curators have them now: lists, one on its form, its earlier versions."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evidence.curation.actions import CurationRefused
from evidence.curation.editing import EntryOnForm, save_edit
from evidence.curation.entry_list import WORDS, ListForm, found_entries, in_short, present_entries
from evidence.curation.models import Change
from evidence.curation.pages.opening import kind_or_404, refuse, row_or_404, status_of
from evidence.curation.queries import abstract_of, changes_of, open_change
from evidence.curation.versions import present_versions
from evidence.domain.entries import Source
from evidence.domain.plausibility import odd_numbers
from evidence.domain.terms import EntryKind
from evidence.rows import Row
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest

ENTRIES_A_PAGE = 50


@require("evidence.curate")
@require_safe
def entries(request: HttpRequest, entry_kind: str) -> HttpResponse:
    """The entries of one kind, looked for by words and state."""
    kind = kind_or_404(entry_kind)
    form = ListForm(request.GET)
    page = Paginator(found_entries(kind, form), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "kind": kind.value,
        "one": WORDS[kind][0],
        "many": WORDS[kind][1],
        "form": form,
        "page": page,
        "rows": present_entries(kind, page.object_list),
        "asked": asked.urlencode(),
    }
    return render(request, "evidence/curation/entries.html", context)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def new_entry(request: SignedInRequest, entry_kind: str) -> HttpResponse:
    """An entry that is not here yet."""
    return _on_form(request, kind_or_404(entry_kind), None)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def entry(request: SignedInRequest, entry_kind: str, entry_key: str) -> HttpResponse:
    """One entry, to be changed; to be read while its change is under review."""
    kind = kind_or_404(entry_kind)
    return _on_form(request, kind, row_or_404(kind, entry_key))


@require("evidence.curate")
@require_safe
def versions(request: HttpRequest, entry_kind: str, entry_key: str) -> HttpResponse:
    """What an entry said before, and its changes."""
    kind = kind_or_404(entry_kind)
    row = row_or_404(kind, entry_key)
    context = {
        **_about(kind, row),
        "changes": changes_of(kind, row.pk),
        "versions": present_versions(kind, row),
    }
    return render(request, "evidence/curation/versions.html", context)


def _on_form(request: SignedInRequest, kind: EntryKind, row: Row | None) -> HttpResponse:
    on_form = EntryOnForm(kind, row, request.POST if request.method == "POST" else None)
    seen = request.POST.get("seen", "") if request.method == "POST" else on_form.seen
    if request.method == "POST" and on_form.is_valid():
        try:
            change = save_edit(on_form=on_form, by=request.user, seen=seen)
        except CurationRefused as refused:
            refuse(on_form.form, refused)
        else:
            return _saved(request, on_form, change)
    change = open_change(kind, row.pk) if row else None
    context = {
        **_about(kind, row),
        "abstract": abstract_of(kind, row.pk) if row else None,
        "page": on_form,
        "sections": on_form.sections(request.GET.get("open", "")),
        "change": change,
        "can_be_changed": change is None or change.is_being_written,
        "seen": seen,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if on_form.problems else status_of(on_form.form)
    return render(request, "evidence/curation/entry.html", context, status=status)


def _about(kind: EntryKind, row: Row | None) -> dict[str, object]:
    return {
        "kind": kind.value,
        "one": WORDS[kind][0],
        "many": WORDS[kind][1],
        "row": row,
        "name": in_short(row)[0] if row else f"New {WORDS[kind][0].lower()}",
    }


def _saved(request: SignedInRequest, on_form: EntryOnForm, change: Change | None) -> HttpResponse:
    if change is None:
        messages.info(request, "It is as it was: no draft was made.")
        return redirect(request.path)
    messages.success(
        request, "Saved as a draft. Nobody is asked to look at it before you ask for a review."
    )
    if isinstance(on_form.entry, Source):
        for sentence in odd_numbers(on_form.entry):
            messages.warning(request, f"Saved as printed, and odd: {sentence}.")
    return redirect("curation:change", change.pk)
