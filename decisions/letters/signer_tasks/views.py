"""The page on which somebody says what follows for a letter that rests on less than it did."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.cases.case_page import frame
from decisions.letters.composition import Composition
from decisions.letters.queries import correction_of
from decisions.letters.reading import open_letter, record_letter_read
from decisions.letters.signer_tasks.forms import SeenForm
from decisions.letters.signer_tasks.presenters import present_tasks
from decisions.letters.signer_tasks.tasks import TasksClosedError, mark_seen, tasks_of
from kapnet.core.accounts.policies import require
from kapnet.core.people.requests import MemberRequest

CONFLICT, UNPROCESSABLE = 409, 422


@require("letter.write")
@require_http_methods(["GET", "POST"])
def tasks(request: MemberRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """What speaks against a signed letter since; a post closes the tasks with a note."""
    opened = open_letter(request, case_id, letter_id, even_closed=True)
    form = SeenForm(request.POST or None, of_letter=tasks_of(opened.letter))
    if request.method != "POST":
        record_letter_read(request, opened.file.case, "letter.read", letter_id)
        return _page(request, opened, form)
    if not form.is_valid():
        return _page(request, opened, form, status=UNPROCESSABLE)
    try:
        mark_seen(letter=opened.letter, actor=request.user, **form.cleaned_data)
    except TasksClosedError:
        return _page(request, opened, form, status=CONFLICT)
    messages.success(request, f"Noted for letter {opened.letter.number}.")
    return redirect("letters:tasks", case_id, letter_id)


def _page(
    request: MemberRequest, opened: Composition, form: SeenForm, *, status: int = 200
) -> HttpResponse:
    tasks = present_tasks(tasks_of(opened.letter))
    context = {
        **frame(opened.file),
        "row": opened.letter,
        "correction": correction_of(opened.letter),
        "open_tasks": [one for one in tasks if one.row.closed_at is None],
        "closed_tasks": [one for one in tasks if one.row.closed_at is not None],
        "form": form,
        "was_closed": status == CONFLICT,
    }
    return render(request, "letters/tasks.html", context, status=status)
