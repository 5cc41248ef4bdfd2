"""The care team of a case: chosen from the directory."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from decisions.care_team.actions import TeamPartTakenError, add_member, remove_member
from decisions.care_team.forms import MemberForm
from decisions.care_team.queries import team_of
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import frame, open_file, record_read
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.directory.queries import search_sites
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.searched_words import searched_words

CONFLICT, UNPROCESSABLE = 409, 422
SITES_SHOWN = 25
TAKEN = "Nobody was added: this team has them with this part already, or has somebody who leads."


@require("case.work")
@require_http_methods(["GET", "POST"])
def team(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Who is on the team; a post adds somebody. `?q=` searches the directory."""
    file = open_file(request, case_id)
    if request.method != "POST":
        record_read(request, file, "team.read")
        return _page(request, file, MemberForm())
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form, status=UNPROCESSABLE)
    try:
        add_member(case=file.case, actor=request.user, **form.cleaned_data)
    except TeamPartTakenError:
        form.add_error(None, TAKEN)
        return _page(request, file, form, status=CONFLICT)
    return redirect("team:team", case_id)


def _page(
    request: MemberRequest, file: CaseFile, form: MemberForm, *, status: int = 200
) -> HttpResponse:
    words = searched_words(request.GET)
    found = list(search_sites(words)[: SITES_SHOWN + 1])
    context = {
        **frame(file),
        "form": form,
        "members": team_of(file.case),
        "words": words,
        "sites": found[:SITES_SHOWN],
        "has_more": len(found) > SITES_SHOWN,
    }
    return render(request, "team/team.html", context, status=status)


@require("case.work")
@require_POST
def remove(request: MemberRequest, case_id: UUID, member_id: int) -> HttpResponse:
    """Take somebody off the team."""
    file = open_file(request, case_id)
    member = get_or_404(
        request, team_of(file.case), action="team.leave", object_type="team", pk=member_id
    )
    remove_member(member=member, actor=request.user)
    return redirect("team:team", case_id)
