"""The sources that a letter names: where each was published, how certain, how far it was read."""

from __future__ import annotations

from urllib.parse import urlencode

from decisions.documents.letter.blocks import Block, Item, Paragraph
from decisions.documents.letter.material import Reference
from decisions.documents.letter.phrasing import Cited, Sayings, Sources, key_of
from decisions.rules.engine.outcomes import Citation

DOI = "https://doi.org/"


def sources_block(sayings: Sayings, sources: Sources) -> Block:
    """One line a source, with its DOI as a link; then where all are listed, or how many are not."""
    cited = enumerate(sources.numbered.values(), start=1)
    items = tuple(_item(sayings, number, one) for number, one in cited)
    if not items:
        return sayings.block("sources", Paragraph(text=sayings.words.annex["sources_none"]))
    more = len(sources.more)
    if page := sayings.material.issue.sources_at:
        release = sayings.material.decided.outcome.evidence_release
        address = f"{page}?{urlencode({'release': release})}"
        shown = address.partition("://")[2]
        said = sayings.words.page.say("all_sources", release=release, address=shown)
        return sayings.block("sources", items=(*items, Item(text=said, href=address)))
    said_more = sayings.words.page.say("more_sources", count=more)
    return sayings.block("sources", *([Paragraph(text=said_more)] if more else []), items=items)


def _item(sayings: Sayings, number: int, cited: Cited) -> Item:
    reference = sayings.material.references.get(key_of(cited), Reference())
    # Without a journal the year says nothing: the name of the source has it.
    where = f"{reference.journal} {reference.year or ''}".strip() if reference.journal else ""
    doi = f"doi:{reference.doi}" if reference.doi else ""
    parts = (_source(sayings, cited), where, doi)
    text = f"{number} {'. '.join(filter(None, parts))}{sayings.ended([key_of(cited)])}"
    return Item(text=text, href=f"{DOI}{reference.doi}" if reference.doi else "")


def _source(sayings: Sayings, cited: Cited) -> str:
    words = sayings.words
    if isinstance(cited, Citation):
        certainty = words.certainty[cited.certainty or "none"]
    else:
        certainty = words.certainty["position"]
    return words.annex["source"].format(
        label=cited.label, certainty=certainty, verified=words.verified[cited.verified]
    )
