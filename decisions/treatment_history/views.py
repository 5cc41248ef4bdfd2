"""The treatment history of a case: one page, and one small form for each row."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import trigger_client_event

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read, show
from decisions.cases.contradictions import contradictions_beside
from decisions.cases.proposals import proposals_in
from decisions.documents.contradictions.asking import OF_MEDICINES, OF_ROWS
from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.loading import load_words
from decisions.treatment_history.actions import (
    SAID_ONCE,
    RowChangedError,
    add_row,
    remove_row,
    save_row,
    say_none,
    take_none_back,
)
from decisions.treatment_history.forms import FORMS, MedicineForm, RowForm
from decisions.treatment_history.medicine_lists import medicine_list
from decisions.treatment_history.models import HistoryRow, Kind
from decisions.treatment_history.presenters import present_history, present_medicines, present_row
from decisions.treatment_history.queries import rows_of
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.days import say_moment
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

FRAGMENT = "medicines"
"""The part of the page that a draft asks for when it opens."""
CHANGED = "medicines-changed"
"""What the page of a draft listens for."""


@case_page("letter.write", only="GET", reads="history.read")
def history(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Everything that is known of earlier and present treatment."""
    context = {
        "kinds": present_history(file.case, _words(file)),
        "contradictions": contradictions_beside(file, OF_ROWS),
    }
    return show(request, file, "history/history.html", context)


def _words(file: CaseFile) -> HistoryWords:
    return load_words(file.case.edition).history


def _known(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Http404("kind")
    return Kind(kind)


@case_page("letter.write")
def add(request: MemberRequest, file: CaseFile, kind: str) -> HttpResponse:
    """A new row of a kind."""
    known = _known(kind)
    form = FORMS[known](request.POST or None, words=_words(file), born=file.case.date_of_birth)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, file, known, form)
    add_row(case=file.case, actor=request.user, kind=known, values=form.row)
    return _back(request, file, known)


@case_page("letter.write")
def medicines_now(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What is taken now, one line a medicine: picked from the list, or written freely.

    ?letter= names the draft to go back to.
    """
    none_of = request.POST.get("none_of")
    if none_of in SAID_ONCE:
        say_none(case=file.case, actor=request.user, kind=none_of)
        return redirect(request.get_full_path())
    words, listed = _words(file), medicine_list(file.edition.id)
    form = MedicineForm(request.POST or None, words=words, born=file.case.date_of_birth)
    is_after_a_save = bool(request.htmx) and request.htmx.trigger != FRAGMENT
    form.fields["name"].widget.attrs |= {"list": "medicine-names", "autofocus": is_after_a_save}
    if request.method == "POST" and form.is_valid():
        add_row(case=file.case, actor=request.user, kind=Kind.MEDICINES, values=form.row)
        return redirect(request.get_full_path())
    record_read(request, file, "history.read")
    medicines, allergies = present_history(file.case, words, SAID_ONCE)
    context = {
        "form": form,
        "taken": present_medicines(file.case, words, listed),
        "takes_none": medicines.none_said,
        "listed": listed,
        "proposals": proposals_in(file),
        "contradictions": contradictions_beside(file, OF_MEDICINES),
        "allergies": allergies,
        "to_letter": _letter_named(request),
    }
    status = UNPROCESSABLE if form.errors else 200
    page = show(request, file, "history/medicines_now.html", context, status=status)
    return trigger_client_event(page, CHANGED) if is_after_a_save and not form.errors else page


def _medicines_url(request: MemberRequest, file: CaseFile) -> str:
    """Where medicines and allergies are, for who came from there; empty for who did not."""
    if "now" not in request.GET:
        return ""
    letter = _letter_named(request)
    page = reverse("history:medicines_now", args=[file.case.pk])
    return f"{page}?letter={letter}" if letter else page


def _letter_named(request: MemberRequest) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.GET.get("letter", ""))
    return None


@case_page("letter.write")
def row(request: MemberRequest, file: CaseFile, row_id: UUID) -> HttpResponse:
    """Change one row."""
    stored, known = _row(request, file, row_id, "history.saved")
    initial = {**stored.values, "version": stored.saved_at.isoformat()}
    form = FORMS[known](
        request.POST or None, words=_words(file), born=file.case.date_of_birth, initial=initial
    )
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, file, known, form, stored)
    try:
        save_row(row=stored, actor=request.user, values=form.row, saved_at=form.seen_at)
    except RowChangedError:
        return _form_page(request, file, known, form, stored, status=CONFLICT)
    return _back(request, file, known)


@case_page("letter.write", only="POST")
def remove(request: MemberRequest, file: CaseFile, row_id: UUID) -> HttpResponse:
    """Take one row away."""
    stored, known = _row(request, file, row_id, "history.removed")
    remove_row(row=stored, actor=request.user)
    messages.success(request, "Taken off the history.")
    return redirect(_page_url(request, file, known))


@case_page("letter.write", only="POST")
def none(request: MemberRequest, file: CaseFile, kind: str) -> HttpResponse:
    """Say that there are none of a kind, or take that back (`take_back`)."""
    known = _known(kind)
    if "take_back" in request.POST:
        take_none_back(case=file.case, actor=request.user, kind=known)
    elif not say_none(case=file.case, actor=request.user, kind=known):
        messages.error(request, "Nothing was said: there are rows already. Take them away first.")
    return redirect(f"{reverse('history:history', args=[file.case.pk])}#{known.value}")


def _row(
    request: MemberRequest, file: CaseFile, row_id: UUID, action: str
) -> tuple[HistoryRow, Kind]:
    stored = get_or_404(
        request, rows_of(file.case), action=action, object_type="history", pk=row_id
    )
    return stored, Kind(stored.kind)


def _form_page(
    request: MemberRequest,
    file: CaseFile,
    kind: Kind,
    form: RowForm,
    stored: HistoryRow | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "label": kind.label,
        "kind": kind.value,
        "stored": present_row(stored, _words(file)) if stored else None,
        "has_changed": status == CONFLICT,
        "back_url": _page_url(request, file, kind),
        "is_from_medicines": "now" in request.GET,
    }
    if form.errors:
        status = UNPROCESSABLE
    return show(request, file, "history/row.html", context, status=status)


def _back(request: MemberRequest, file: CaseFile, kind: Kind) -> HttpResponse:
    messages.success(request, f"Saved {say_moment(timezone.now())}")
    return redirect(_page_url(request, file, kind))


def _page_url(request: MemberRequest, file: CaseFile, kind: Kind) -> str:
    history_url = reverse("history:history", args=[file.case.pk])
    return _medicines_url(request, file) or f"{history_url}#{kind.value}"
