"""The desk: the queue of signed letters, and one letter on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from decisions.cases.decision.ended import ended_since
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.desk.actions import StepRefused, add_note, note_exported, plan_delivery, put_right
from decisions.desk.actions import take_step as note_step
from decisions.desk.forms import FilterForm, NoteForm, PlanForm, StepForm
from decisions.desk.models import Delivery
from decisions.desk.presenters import present_queue
from decisions.desk.queries import (
    LETTER_ON_DESK,
    desk_people,
    letters_on_desk,
    rows_of_desk,
    steps_of,
)
from decisions.desk.replies.forms import AsideForm, ConfirmForm
from decisions.desk.replies.presenters import waiting_rows
from decisions.desk.replies.queries import replies_to
from decisions.desk.replies.settling import confirm_reply, set_reply_aside
from decisions.desk.searching import DESK_SEARCH
from decisions.letters.downloads import (
    CONSENT_REVOKED,
    limited_download,
    pdf_response,
    why_kept,
)
from decisions.letters.models import Letter
from decisions.letters.queries import correction_of, revoked_consent_of
from decisions.letters.reading import open_to_hand_out, record_letter_read
from evidence.queries import endings_today
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event, record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

LETTERS_A_PAGE = 25


def open_signed(request: MemberRequest, letter_id: UUID, action: str) -> Letter:
    """A signed letter of this clinic; another clinic's, or a draft, is 404 and an audit event."""
    return get_or_404(request, LETTER_ON_DESK, action=action, object_type="letter", id=letter_id)


@require("letter.read")
@require_http_methods(["GET", "POST"])
def queue(request: MemberRequest) -> HttpResponse:
    """The signed letters of the clinic, what is due first; searched and filtered."""
    if request.method == "POST":
        return redirect(DESK_SEARCH.address(request))
    clinic, today = request.membership.clinic, timezone.localdate()
    people = desk_people(clinic)
    asked = request.GET.copy()
    asked["q"] = DESK_SEARCH.words(request)
    form = FilterForm(asked, people=people)
    found = letters_on_desk(form.filters(), clinic=clinic, today=today)
    record_event(action="letter.listed", actor=request.user, clinic=clinic, object_type="letter")
    page = Paginator(found, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    address = request.GET.copy()
    for name in ("page", "q"):
        address.pop(name, None)
    rows = rows_of_desk(list(page.object_list))  # as keys: a query within one is planned badly
    context = present_queue(page, rows, form, asked=address.urlencode(), today=today)
    return render(request, "desk/queue.html", context)


@require("letter.export")
@require_http_methods(["GET", "POST"])
def letter(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """Where one letter is; a post takes a step, plans, notes or puts right."""
    row = open_signed(request, letter_id, "letter.delivery_read")
    if request.method != "POST":
        record_letter_read(request, row.case, "letter.delivery_read", row.pk)
        return _letter_page(request, row)
    act = ACTS.get(request.POST.get("act", ""), _step)
    return act(request, row)


def _letter_page(
    request: MemberRequest,
    row: Letter,
    forms: Mapping[str, Form] = MappingProxyType({}),
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one letter; forms: those that were filled in, by their name in the template."""
    people = desk_people(request.membership.clinic)
    delivery = row.delivery
    endings, replies = endings_today(), replies_to(row)
    context = {
        "row": row,
        "delivery": delivery,
        "steps": steps_of(delivery),
        "correction": correction_of(row),
        "revoked": revoked_consent_of(row),
        "withdrawn": withdrawn_since([row.decision], endings.evidence),
        "ended": ended_since(row.decision, endings),
        "is_overdue": delivery.due_on and delivery.due_on < timezone.localdate(),
        "step_form": StepForm(delivery=delivery),
        "plan_form": PlanForm(delivery=delivery, people=people),
        "note_form": NoteForm(),
        "right_form": NoteForm(auto_id="right_%s", initial={"seen_version": delivery.version}),
        "settled": [one for one in replies if not one.is_waiting],
        "waiting": waiting_rows(replies, delivery, forms),
        "problem": problem,
        **forms,
    }
    return render(request, "desk/letter.html", context, status=status)


def _step(request: MemberRequest, row: Letter) -> HttpResponse:
    form = StepForm(request.POST, delivery=row.delivery)
    return _act(request, row, "step_form", form, note_step, "Noted.")


def _plan(request: MemberRequest, row: Letter) -> HttpResponse:
    people = desk_people(request.membership.clinic)
    form = PlanForm(request.POST, delivery=row.delivery, people=people)
    return _act(request, row, "plan_form", form, plan_delivery, "Saved.")


def _note(request: MemberRequest, row: Letter) -> HttpResponse:
    form = NoteForm(request.POST)
    return _act(request, row, "note_form", form, _add_note, "Noted.")


def _right(request: MemberRequest, row: Letter) -> HttpResponse:
    form = NoteForm(request.POST, auto_id="right_%s")
    return _act(request, row, "right_form", form, put_right, "The last step was taken back.")


def _add_note(*, seen_version: int | None, **fields: object) -> None:
    add_note(**fields)  # type: ignore[arg-type]


def _confirm(request: MemberRequest, row: Letter) -> HttpResponse:
    form = ConfirmForm(request.POST, delivery=row.delivery)
    return _act(request, row, "confirm_form", form, confirm_reply, "Confirmed and noted.")


def _aside(request: MemberRequest, row: Letter) -> HttpResponse:
    form = AsideForm(request.POST)
    return _act(request, row, "aside_form", form, set_reply_aside, "Set aside.")


ACTS: dict[str, Callable[[MemberRequest, Letter], HttpResponse]] = {
    "step": _step,
    "plan": _plan,
    "note": _note,
    "right": _right,
    "confirm": _confirm,
    "aside": _aside,
}


def _act(
    request: MemberRequest,
    row: Letter,
    name: str,
    form: Form,
    action: Callable[..., Delivery | None],
    said: str,
) -> HttpResponse:
    if not form.is_valid():
        return _letter_page(request, row, {name: form}, status=UNPROCESSABLE)
    try:
        action(letter=row, by=request.user, **form.cleaned_data)
    except StepRefused as refused:
        row.delivery.refresh_from_db()
        return _letter_page(request, row, {name: form}, problem=str(refused), status=CONFLICT)
    messages.success(request, said)
    return redirect("desk:letter", row.pk)


@require("letter.export")
@limited_download
@require_POST
def export_one(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """The bytes that were signed, noted as exported, if they may be handed out."""
    row = open_to_hand_out(request, letter_id, "letter.downloaded")
    if why := why_kept(row):
        record_refusal(request, "letter.downloaded", "letter", row.pk, reason=why)
        page = "desk:letter" if why == CONSENT_REVOKED else "letters:detail"
        return redirect(page, row.pk)
    note_exported(letter=row, by=request.user)
    record_letter_read(request, row.case, "letter.downloaded", row.pk)
    return pdf_response(bytes(row.pdf or b""), f"{row.number}.pdf")
