"""The care team of a case: chosen from the directory."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.care_team.actions import TeamPartTakenError, add_member, remove_member
from decisions.care_team.forms import MemberForm
from decisions.care_team.queries import team_of
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.directory.queries import search_sites
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.searched_words import searched_words
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

SITES_SHOWN = 25
TAKEN = "Nobody was added: this team has them with this part already, or has somebody who leads."


@case_page("case.work", reads="team.read")
def team(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Who is on the team; a post adds somebody. `?q=` searches the directory."""
    if request.method != "POST":
        return _page(request, file, MemberForm())
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form, status=UNPROCESSABLE)
    try:
        add_member(case=file.case, actor=request.user, **form.cleaned_data)
    except TeamPartTakenError:
        form.add_error(None, TAKEN)
        return _page(request, file, form, status=CONFLICT)
    return redirect("team:team", file.case.pk)


def _page(
    request: MemberRequest, file: CaseFile, form: MemberForm, *, status: int = 200
) -> HttpResponse:
    words = searched_words(request.GET)
    found = list(search_sites(words)[: SITES_SHOWN + 1])
    context = {
        "form": form,
        "members": team_of(file.case),
        "words": words,
        "sites": found[:SITES_SHOWN],
        "has_more": len(found) > SITES_SHOWN,
    }
    return show(request, file, "team/team.html", context, status=status)


@case_page("case.work", only="POST")
def remove(request: MemberRequest, file: CaseFile, member_id: int) -> HttpResponse:
    """Take somebody off the team."""
    member = get_or_404(
        request, team_of(file.case), action="team.leave", object_type="team", pk=member_id
    )
    remove_member(member=member, actor=request.user)
    return redirect("team:team", file.case.pk)
