"""On the page of a draft: where the answers on substance use come from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from decisions.consents.actions import save_source
from decisions.consents.forms import SourceForm
from decisions.letters.reading import open_letter
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest


@require("letter.write")
@require_POST
def source(request: MemberRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Say it, as the page of consents does, and go on with the letter."""
    composition = open_letter(request, case_id, letter_id)
    form = SourceForm(request.POST)
    if form.is_valid():
        case = composition.file.case
        save_source(case=case, actor=request.user, source=form.cleaned_data["source"])
    else:
        messages.error(request, "Not saved. Choose where they come from.")
    return redirect("letters:letter", case_id, letter_id)
