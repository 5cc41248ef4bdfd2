"""A decision and a signed letter as plain text, to be pasted into any record."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_read
from decisions.cases.queries import decisions_of
from decisions.letters.copies.deciding import CannotLeaveOut, copy_of
from decisions.letters.copies.letter_text import letter_as_text
from decisions.letters.downloads import limited_download, refuse_to_hand_out, why_kept
from decisions.letters.material import say_moment_with_zone
from decisions.letters.models import Letter
from decisions.letters.queries import correction_of
from decisions.letters.reading import open_to_hand_out, record_letter_read, signed_content
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest

LETTER_COPIED, DECISION_COPIED = "letter.copied", "decision.copied"


@require("letter.read")
@limited_download
@require_GET
def letter_text(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """A signed letter; not where its bytes were changed, or the consent was revoked."""
    row = open_to_hand_out(request, letter_id, LETTER_COPIED)
    if why := why_kept(row):
        return refuse_to_hand_out(request, row, LETTER_COPIED, why)
    record_letter_read(request, row.case, LETTER_COPIED, row.pk)
    letter = signed_content(row)
    moment = say_moment_with_zone(row.signed_at) if row.signed_at else ""
    return _plain(letter_as_text(letter, moment=moment, standing=_since(row)))


def _since(row: Letter) -> Iterator[str]:
    if correction := correction_of(row):
        yield f"Replaced by letter {correction.number}: {correction.replaces_because}"


@case_page("case.work", only="GET")
def decision_text(request: MemberRequest, file: CaseFile, number: int) -> HttpResponse:
    """A decision as it was recorded, without what may not leave a letter."""
    recorded = get_or_404(
        request,
        decisions_of(file.case),
        action=DECISION_COPIED,
        object_type="decision",
        number=number,
    )
    try:
        text = copy_of(recorded, file)
    except CannotLeaveOut:
        record_refusal(request, DECISION_COPIED, "case", file.case.pk, reason="left out")
        messages.error(
            request,
            "This decision cannot be copied: answers on substance use may not leave, and the "
            "evidence by which they could be left out is not kept. Decide again, then copy that.",
        )
        return redirect("cases:decision_record", file.case.pk, number)
    record_read(request, file, DECISION_COPIED)
    return _plain(text)


def _plain(text: str) -> HttpResponse:
    """Shown by the browser as it is, and kept by no cache."""
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"},
    )
