"""What letters of a case say besides the answers."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.documents.letter.loading import load_words
from decisions.letters.actions import (
    LetterChangedError,
    save_facts,
)
from decisions.letters.facts.beside import beside_facts
from decisions.letters.forms import FactsForm
from decisions.letters.models import LetterFacts
from decisions.letters.queries import facts_of
from decisions.letters.reading import (
    record_letter_read,
)
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.days import say_moment
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE


@case_page("letter.write")
def facts(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """What letters of this case say besides the answers."""
    stored = facts_of(file.case) or LetterFacts(case=file.case)
    asked_elsewhere = load_words(file.case.edition).asked_elsewhere
    if request.method != "POST":
        record_letter_read(request, file.case, "letter.facts_read", file.case.pk)
        form = FactsForm(instance=stored, asked_elsewhere=asked_elsewhere)
        return _facts_page(request, file, form)
    form = FactsForm(request.POST, instance=copy(stored), asked_elsewhere=asked_elsewhere)
    if not form.is_valid():
        return _facts_page(request, file, form, status=UNPROCESSABLE)
    try:
        save_facts(
            case=file.case,
            actor=request.user,
            values=form.values,
            saved_at=form.cleaned_data["version"],
        )
    except LetterChangedError:
        return _facts_page(request, file, form, status=CONFLICT)
    messages.success(request, f"Saved {say_moment(timezone.now())}")
    return redirect("letters:compose_list", file.case.pk)


def _facts_page(
    request: MemberRequest, file: CaseFile, form: FactsForm, *, status: int = 200
) -> HttpResponse:
    context = {**beside_facts(file), "form": form, "has_changed": status == CONFLICT}
    return show(request, file, "letters/facts.html", context, status=status)
