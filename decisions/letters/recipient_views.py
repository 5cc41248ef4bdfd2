"""Whom a letter is for: chosen from the directory, the care team first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.care_team.queries import team_of
from decisions.cases.case_page import frame
from decisions.letters.composition import Composition
from decisions.letters.forms import RecipientForm
from decisions.letters.reading import open_letter, record_letter_read
from decisions.letters.recipients import LetterNotDraftError, choose_recipient
from kapnet.core.accounts.policies import require
from kapnet.core.directory.queries import search_sites
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.searched_words import searched_words

CONFLICT, UNPROCESSABLE = 409, 422
SITES_SHOWN = 25


@require("letter.write")
@require_http_methods(["GET", "POST"])
def recipient(request: MemberRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """The directory, to choose from; a post addresses the draft. `?q=` searches it."""
    composition = open_letter(request, case_id, letter_id)
    if composition.letter.is_signed:
        return redirect("letters:letter", case_id, letter_id)
    if request.method != "POST":
        record_letter_read(request, composition.file.case, "letter.read", letter_id)
        return _page(request, composition, RecipientForm())
    form = RecipientForm(request.POST)
    if not form.is_valid():
        return _page(request, composition, form, status=UNPROCESSABLE)
    try:
        choose_recipient(
            letter=composition.letter, actor=request.user, site=form.cleaned_data["site"]
        )
    except LetterNotDraftError:
        return _page(request, composition, form, status=CONFLICT)
    return redirect("letters:letter", case_id, letter_id)


def _page(
    request: MemberRequest, composition: Composition, form: RecipientForm, *, status: int = 200
) -> HttpResponse:
    words = searched_words(request.GET)
    found = list(search_sites(words)[: SITES_SHOWN + 1])
    members = [one for one in team_of(composition.file.case) if one.site.is_open]
    context = {
        **frame(composition.file),
        "form": form,
        "row": composition.letter,
        "members": members,
        "words": words,
        "sites": found[:SITES_SHOWN],
        "has_more": len(found) > SITES_SHOWN,
    }
    return render(request, "letters/recipient.html", context, status=status)
