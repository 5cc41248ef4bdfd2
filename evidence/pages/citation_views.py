"""References to take along: one source, or the list as searched and filtered, as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence.as_of import asked_evidence
from evidence.domain.entries import Source
from evidence.pages.formats import FORMATS, source_or_404
from evidence.pages.forms import SearchForm
from evidence.search.search import find_sources
from kapnet.core.accounts.policies import require


def _file(sources: Iterable[Source], *, name: str, ending: str) -> HttpResponse:
    if ending not in FORMATS:
        raise Http404
    form = FORMATS[ending]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    content_type = f"{form.media_type}; charset=utf-8"
    return HttpResponse(form.write(sources), content_type=content_type, headers=headers)


@require("evidence.read")
@require_safe
def citation(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """One reference."""
    found = source_or_404(asked_evidence(request).evidence, key)
    return _file([found], name=key, ending=ending)


@require("evidence.read")
@require_safe
def citations(request: HttpRequest, ending: str) -> HttpResponse:
    """The references of the list as searched and filtered."""
    found = find_sources(
        asked_evidence(request).evidence, SearchForm(request.GET).criteria()
    ).sources
    return _file(found, name="evidence", ending=ending)
