"""The first page of curation: what waits for whom, and what is left to do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.curation.entry_list import WORDS
from evidence.curation.queries import approved_changes, draft_on_its_way
from evidence.curation.waiting import sent_back, to_review, to_sign, under_way, with_last_steps
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest


@require("evidence.curate")
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for this person, what they are working on, and the ways to everything else."""
    context = {
        "to_review": with_last_steps(to_review(request.user)),
        "sent_back": with_last_steps(sent_back(request.user)),
        "to_sign": to_sign(request.user),
        "under_way": with_last_steps(under_way(request.user)),
        "approved": approved_changes().count(),
        "draft": draft_on_its_way(),
        "kinds": [(kind.value, *words) for kind, words in WORDS.items()],
    }
    return render(request, "evidence/curation/home.html", context)
