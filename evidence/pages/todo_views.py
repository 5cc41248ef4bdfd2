"""What is left to do, for evidence admins."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from evidence.pages.todo_page import changes_waiting, open_todos, present_todos
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import SignedInRequest


@require("evidence.curate")
@require_safe
def to_do(request: SignedInRequest) -> HttpResponse:
    """Everything that is left to do, or one kind of it."""
    left = present_todos(open_todos(today=localdate()))
    groups = [*changes_waiting(request.user), *left]
    asked = [group for group in groups if group.kind == request.GET.get("kind")]
    context = {
        "groups": groups,
        "shown": asked or groups,
        "chosen": asked[0].kind if asked else "",
        "count": sum(len(group.lines) for group in groups),
    }
    return render(request, "evidence/to_do.html", context)
