"""What reading a letter needs: the letter, its content, and the audit event of every read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from decisions.cases.case_page import open_file
from decisions.cases.models import Case
from decisions.documents.letter.blocks import Letter as LetterContent
from decisions.letters.composition import Composition
from decisions.letters.models import Letter
from decisions.letters.queries import (
    LETTER_TO_HAND_OUT,
    letters_of,
    signed_letters,
    with_what_speaks_against,
)
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event
from kapnet.core.people.requests import MemberRequest

LetterView = Callable[Concatenate[MemberRequest, Composition, ...], HttpResponse]
View = Callable[..., HttpResponse]


def letter_page(
    action: str, *, only: Literal["GET", "POST", ""] = "", even_closed: bool = False
) -> Callable[[LetterView], View]:
    """A view of one letter of a case, as `case_page` is one of a case.

    It records its read itself: a signed letter and a draft differ in what is read.
    """

    def decorate(view: LetterView) -> View:
        @require(action)
        @require_http_methods([only] if only else ["GET", "POST"])
        @wraps(view)
        def opened(
            request: MemberRequest, case_id: UUID, letter_id: UUID, **named: object
        ) -> HttpResponse:
            composition = open_letter(request, case_id, letter_id, even_closed=even_closed)
            return view(request, composition, **named)

        return opened

    return decorate


def to_letter(letter: Letter) -> HttpResponseRedirect:
    """Back to the page of a letter."""
    return redirect("letters:letter", letter.case_id, letter.pk)


def open_letter(
    request: MemberRequest, case_id: UUID, letter_id: UUID, *, even_closed: bool = False
) -> Composition:
    """A letter of a case of this clinic; another clinic's is 404 and an audit event."""
    file = open_file(request, case_id, even_closed=even_closed)
    letter = get_or_404(
        request, letters_of(file.case), action="letter.read", object_type="letter", id=letter_id
    )
    return Composition(letter=letter, file=file, sender=request.user)


def open_signed(request: MemberRequest, letter_id: UUID, action: str) -> Letter:
    """A signed letter of this clinic; another clinic's, or a draft, is 404 and an audit event."""
    signed = with_what_speaks_against(signed_letters())
    return get_or_404(request, signed, action=action, object_type="letter", id=letter_id)


def open_to_hand_out(request: MemberRequest, letter_id: UUID, action: str) -> Letter:
    """Like `open_signed`, for its bytes alone: one query."""
    return get_or_404(
        request, LETTER_TO_HAND_OUT, action=action, object_type="letter", id=letter_id
    )


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
