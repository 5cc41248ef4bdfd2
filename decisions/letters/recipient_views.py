"""Whom a letter is for: chosen from the directory, the care team first."""

from __future__ import annotations

from django.http import HttpResponse

from decisions.care_team.queries import team_of
from decisions.cases.case_page import show
from decisions.letters.composition import Composition
from decisions.letters.forms import RecipientForm
from decisions.letters.reading import letter_page, record_letter_read, to_letter
from decisions.letters.recipients import LetterNotDraftError, choose_recipient
from kapnet.core.directory.queries import search_sites
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.searched_words import searched_words
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

SITES_SHOWN = 25


@letter_page("letter.write")
def recipient(request: MemberRequest, composition: Composition) -> HttpResponse:
    """The directory, to choose from; a post addresses the draft. `?q=` searches it."""
    if composition.letter.is_signed:
        return to_letter(composition.letter)
    if request.method != "POST":
        record_letter_read(request, composition.file.case, "letter.read", composition.letter.pk)
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
    return to_letter(composition.letter)


def _page(
    request: MemberRequest, composition: Composition, form: RecipientForm, *, status: int = 200
) -> HttpResponse:
    words = searched_words(request.GET)
    found = list(search_sites(words)[: SITES_SHOWN + 1])
    members = [one for one in team_of(composition.file.case) if one.site.is_open]
    context = {
        "form": form,
        "row": composition.letter,
        "members": members,
        "words": words,
        "sites": found[:SITES_SHOWN],
        "has_more": len(found) > SITES_SHOWN,
    }
    return show(request, composition.file, "letters/recipient.html", context, status=status)
