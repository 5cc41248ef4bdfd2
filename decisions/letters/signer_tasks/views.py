"""The page on which somebody says what follows for a letter that rests on less than it did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_page import show
from decisions.letters.composition import Composition
from decisions.letters.forms import SeenForm
from decisions.letters.queries import correction_of
from decisions.letters.reading import letter_page, record_letter_read
from decisions.letters.signer_tasks.presenters import present_tasks
from decisions.letters.signer_tasks.tasks import TasksClosedError, mark_seen, tasks_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE


@letter_page("letter.write", even_closed=True)
def tasks(request: MemberRequest, opened: Composition) -> HttpResponse:
    """What speaks against a signed letter since; a post closes the tasks with a note."""
    row = opened.letter
    form = SeenForm(request.POST or None, of_letter=tasks_of(row))
    if request.method != "POST":
        record_letter_read(request, opened.file.case, "letter.read", row.pk)
        return _page(request, opened, form)
    if not form.is_valid():
        return _page(request, opened, form, status=UNPROCESSABLE)
    try:
        mark_seen(letter=row, actor=request.user, **form.cleaned_data)
    except TasksClosedError:
        return _page(request, opened, form, status=CONFLICT)
    messages.success(request, f"Noted for letter {row.number}.")
    return redirect("letters:tasks", row.case_id, row.pk)


def _page(
    request: MemberRequest, opened: Composition, form: SeenForm, *, status: int = 200
) -> HttpResponse:
    tasks = present_tasks(tasks_of(opened.letter))
    context = {
        "row": opened.letter,
        "correction": correction_of(opened.letter),
        "open_tasks": [one for one in tasks if one.row.closed_at is None],
        "closed_tasks": [one for one in tasks if one.row.closed_at is not None],
        "form": form,
        "was_closed": status == CONFLICT,
    }
    return show(request, opened.file, "letters/tasks.html", context, status=status)
