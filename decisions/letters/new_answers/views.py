"""One press takes the answers of today over into a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from decisions.cases.actions import AnswersChangedError
from decisions.letters.actions import LetterIsSignedError
from decisions.letters.composition import Composition
from decisions.letters.new_answers.taking_over import present_new_answers, take_new_answers
from decisions.letters.reading import letter_page, to_letter
from kapnet.core.people.requests import MemberRequest


@letter_page("letter.write", only="POST")
def new_answers(request: MemberRequest, composition: Composition) -> HttpResponse:
    """Record the same choice on the answers that were shown. Sent twice it records once."""
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
    return to_letter(row)
