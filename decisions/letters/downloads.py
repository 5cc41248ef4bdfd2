"""How a letter leaves: kept by no cache, taken for nothing else, and not where it may not."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.letters.models import Letter
from decisions.letters.queries import revoked_consent_of
from decisions.letters.verification.verifying import ARCHIVED, is_intact
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.rate_limits import limited

CHANGED_BYTES, CONSENT_REVOKED = "changed bytes", "consent revoked"

limited_download = limited(
    "letter.download",
    noted_as=("letter.downloaded", "letter.copied", ARCHIVED, "export.downloaded"),
)
"""A view that takes letters along, one or many in a file; counted together for each person."""


def why_kept(letter: Letter) -> str:
    """Why a signed letter may not be handed out, as the audit log says it; empty where it may."""
    if not is_intact(letter):
        return CHANGED_BYTES
    return CONSENT_REVOKED if revoked_consent_of(letter) else ""


def refuse_to_hand_out(request: MemberRequest, row: Letter, action: str, why: str) -> HttpResponse:
    """Back to its page, which says why."""
    record_refusal(request, action, "letter", row.pk, reason=why)
    return redirect("letters:detail", row.pk)


def pdf_response(pdf: bytes, file_name: str) -> HttpResponse:
    """A download. file_name: of the number alone; a name of a person never goes into it."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )
