"""One press takes the answers of today over into a draft."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from decisions.cases.actions import AnswersChangedError
from decisions.letters.actions import LetterIsSignedError
from decisions.letters.new_answers.taking_over import present_new_answers, take_new_answers
from decisions.letters.reading import open_letter
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest


@require("letter.write")
@require_POST
def new_answers(request: MemberRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Record the same choice on the answers that were shown. Sent twice it records once."""
    composition = open_letter(request, case_id, letter_id)
    row = composition.letter
    if not row.is_signed and present_new_answers(composition):
        try:
            take_new_answers(
                letter=row, actor=request.user, fingerprint=request.POST.get("fingerprint", "")
            )
            messages.success(request, "The letter says the new answers now. Read it again.")
        except AnswersChangedError:
            messages.error(request, "Not taken over: answers have changed again. See what is new.")
        except LetterIsSignedError:
            pass  # somebody signed it since: its page says so
    return redirect("letters:letter", row.case_id, row.pk)
