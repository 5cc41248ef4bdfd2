"""In which formats references are taken along, and the source that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.http import Http404

from evidence.domain.citation import write_csl, write_ris
from evidence.domain.entries import EvidenceBase, Source
from evidence.exchange.writing import write_bibtex, write_csv, write_nbib, write_pubmed_xml


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
