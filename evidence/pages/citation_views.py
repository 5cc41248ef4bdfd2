"""References to take along: one source, or the list as searched and filtered, as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence.as_of import asked_evidence
from evidence.domain.citation import write_csl, write_ris
from evidence.domain.entries import EvidenceBase, Source
from evidence.exchange.writing import write_bibtex, write_csv, write_nbib, write_pubmed_xml
from evidence.pages.forms import SearchForm
from evidence.search.search import find_sources
from kapnet.core.accounts.policies import require


class Written(NamedTuple):
    """A format of references: its name for people, what writes it, and its media type."""

    label: str
    write: Callable[[Iterable[Source]], str]
    media_type: str


FORMATS: Mapping[str, Written] = {
    "ris": Written("RIS", write_ris, "application/x-research-info-systems"),
    "json": Written("CSL-JSON", write_csl, "application/vnd.citationstyles.csl+json"),
    "bib": Written("BibTeX", write_bibtex, "application/x-bibtex"),
    "nbib": Written("nbib", write_nbib, "text/plain"),
    "xml": Written("PubMed XML", write_pubmed_xml, "application/xml"),
    "csv": Written("CSV", write_csv, "text/csv"),
}
"""By the ending of the file."""


def format_choices() -> list[tuple[str, str]]:
    """Ending and name of each format, for links."""
    return [(ending, form.label) for ending, form in FORMATS.items()]


def source_or_404(evidence: EvidenceBase, key: str) -> Source:
    """The source of this key, or 404."""
    if not evidence.has_source(key):
        raise Http404
    return evidence.source(key)


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
