"""What reading a letter needs: its stored content, and the audit event of every read."""

from __future__ import annotations

from uuid import UUID

from decisions.cases.models import Case
from decisions.documents.letter.blocks import Letter as LetterContent
from decisions.letters.models import Letter
from kapnet.core.audit.actions import record_event
from kapnet.core.people.requests import MemberRequest


def signed_content(letter: Letter) -> LetterContent:
    """A signed letter as data, as it was signed."""
    return LetterContent.model_validate(letter.content)


def record_letter_read(
    request: MemberRequest, case: Case, action: str, object_id: UUID, reason: str = ""
) -> None:
    """One audit event for one read of a letter or of the letters of a case."""
    record_event(
        action=action,
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="letter",
        object_id=object_id,
        case_id=case.pk,
        reason=reason,
    )
