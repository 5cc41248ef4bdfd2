"""On the page of a draft: where the answers on substance use come from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from decisions.consents.actions import save_source
from decisions.consents.forms import SourceForm
from decisions.letters.composition import Composition
from decisions.letters.reading import letter_page, to_letter
from kapnet.core.people.requests import MemberRequest


@letter_page("letter.write", only="POST")
def source(request: MemberRequest, composition: Composition) -> HttpResponse:
    """Say it, as the page of consents does, and go on with the letter."""
    form = SourceForm(request.POST)
    if form.is_valid():
        case = composition.file.case
        save_source(case=case, actor=request.user, source=form.cleaned_data["source"])
    else:
        messages.error(request, "Not saved. Choose where they come from.")
    return to_letter(composition.letter)
