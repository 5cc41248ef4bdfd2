"""Signed letters of the clinic: look at one, download it, list those on withdrawn evidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from decisions.cases.decision.ended import ended_since
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.letters.archive_copy import archival_copy, is_offered
from decisions.letters.downloads import limited_download, pdf_response, refuse_to_hand_out, why_kept
from decisions.letters.presenters import present_letter
from decisions.letters.queries import (
    correction_of,
    letters_on_withdrawn,
    revoked_consent_of,
)
from decisions.letters.reading import (
    open_signed,
    open_to_hand_out,
    record_letter_read,
    signed_content,
)
from decisions.letters.verification.verifying import ARCHIVED, hash_of, is_intact, noted_hash
from evidence.ending import Endings
from evidence.queries import current_evidence
from kapnet.core.accounts.policies import require
from kapnet.core.audit.actions import record_event
from kapnet.core.people.requests import MemberRequest


@require("letter.read")
@require_GET
def on_withdrawn(request: MemberRequest) -> HttpResponse:
    """The signed letters of the clinic that rest on withdrawn evidence and that none replaces."""
    record_event(
        action="letter.listed",
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="letter",
    )
    rows = letters_on_withdrawn(current_evidence())
    return render(request, "letters/on_withdrawn.html", {"rows": rows})


@require("letter.read")
@require_GET
def detail(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """One signed letter, as text and to download."""
    row = open_signed(request, letter_id, "letter.read")
    record_letter_read(request, row.case, "letter.read", row.pk)
    context = {**present_letter(signed_content(row)), "row": row, "correction": correction_of(row)}
    context["withdrawn"] = withdrawn_since([row.decision], current_evidence())
    context["ended"] = ended_since(row.decision, Endings(current_evidence(), timezone.localdate()))
    context["is_damaged"] = not is_intact(row)
    context["revoked"] = revoked_consent_of(row)
    context["has_archive"] = is_offered()
    return render(request, "letters/detail.html", context)


@require("letter.read")
@limited_download
@require_GET
def pdf(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """The bytes that were signed; not where they were changed, or the consent was revoked."""
    row = open_to_hand_out(request, letter_id, "letter.downloaded")
    if why := why_kept(row):
        return refuse_to_hand_out(request, row, "letter.downloaded", why)
    record_letter_read(request, row.case, "letter.downloaded", row.pk)
    return pdf_response(bytes(row.pdf or b""), f"{row.number}.pdf")


@require("letter.read")
@limited_download
@require_GET
def archive(request: MemberRequest, letter_id: UUID) -> HttpResponse:
    """A copy with an electronic signature; its hash is noted, so that it is known again."""
    row = open_to_hand_out(request, letter_id, ARCHIVED)
    if not is_offered():
        messages.error(request, "This installation has no certificate to sign copies with.")
        return redirect("letters:detail", row.pk)
    if why := why_kept(row):
        return refuse_to_hand_out(request, row, ARCHIVED, why)
    copy = archival_copy(bytes(row.pdf or b""))
    record_letter_read(request, row.case, ARCHIVED, row.pk, noted_hash(hash_of(copy)))
    what = "archive" if signed_content(row).archival else "signed"
    return pdf_response(copy, f"{row.number}-{what}.pdf")
