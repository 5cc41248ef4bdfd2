"""One press takes the answers of today, or a newer decision, over into a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from decisions.cases.actions import AnswersChangedError
from decisions.letters.actions import (
    LetterChangedError,
    LetterIsSignedError,
    use_newest_decision,
)
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


@letter_page("letter.write", only="POST")
def newest_decision(request: MemberRequest, composition: Composition) -> HttpResponse:
    """Let a draft rest on the newest decision of the case, and say of it what was ticked."""
    row, number = composition.letter, request.POST.get("number", "")
    if row.is_signed:
        return to_letter(row)
    taking = set(request.POST.getlist("take"))
    if "request_option" in taking:
        taking.add("request_kind")
    try:
        seen = int(number[:9]) if number.isascii() and number.isdecimal() else None
        use_newest_decision(letter=row, actor=request.user, taking=taking, seen=seen)
    except LetterChangedError:
        messages.error(request, "Another decision has been recorded since. See it here.")
    except LetterIsSignedError:
        pass  # somebody signed it since: its page says so
    return to_letter(row)
