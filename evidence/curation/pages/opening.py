"""What the curators' pages share: the entry that an address names."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404

from evidence.curation.actions import CurationRefused, Overtaken
from evidence.domain.terms import EntryKind
from evidence.rows import MODELS, Row


def kind_or_404(name: str) -> EntryKind:
    """The kind of entry that an address names."""
    try:
        return EntryKind(name)
    except ValueError as unknown:
        raise Http404(name) from unknown


def row_or_404(kind: EntryKind, key: str) -> Row:
    """An entry as curators have it now."""
    row = MODELS[kind].objects.filter(pk=key).first()
    if row is None:
        raise Http404(key)
    return row


OVERTAKEN = "overtaken"
"""The code of an error that says that somebody else was quicker."""


def refuse(form: forms.BaseForm, refused: CurationRefused) -> None:
    """Let the form say why a step was not taken."""
    code = OVERTAKEN if isinstance(refused, Overtaken) else None
    form.add_error(None, ValidationError(str(refused), code=code))


def status_of(form: forms.BaseForm) -> HTTPStatus:
    """How a page answers that shows this form."""
    if form.has_error(NON_FIELD_ERRORS, OVERTAKEN):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
