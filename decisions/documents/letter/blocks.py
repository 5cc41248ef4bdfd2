"""The letter as data: blocks of paragraphs and tables, the same for preview, PDF and any copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from decisions.rules.logic.values import Frozen, sha256_of

SEAL_GROUPS, SEAL_GROUP_LENGTH = 3, 4
"""The printed seal: the first twelve hexadecimal digits of the hash, in groups of four."""


class Paragraph(Frozen):
    """One paragraph. own_words: written by the clinician, and shown as such."""

    text: str
    strong: bool = False
    own_words: bool = False


class Table(Frozen):
    """A table with one row of headings; the first cell of a row names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _is_empty(value: object) -> bool:
    return not value


class Item(Frozen):
    """One line of a list. href: where it leads to; own_words: written by the clinician."""

    text: str
    href: str = Field(default="", exclude_if=_is_empty)
    own_words: bool = Field(default=False, exclude_if=_is_empty)


class Block(Frozen):
    """A part of the letter under its heading. No part is empty.

    Its table comes first, then its paragraphs, then its items. Letters of earlier versions have no
    items.
    """

    id: str
    heading: str
    paragraphs: tuple[Paragraph, ...] = ()
    table: Table | None = None
    items: tuple[Item, ...] = Field(default=(), exclude_if=_is_empty)

    @property
    def texts(self) -> Iterator[str]:
        """Every text in reading order."""
        yield self.heading
        if self.table:
            yield from self.table.columns
            for row in self.table.rows:
                yield from row
        yield from (one.text for one in self.paragraphs)
        yield from (one.text for one in self.items)


class Signature(Frozen):
    """What is under the letter: who signed and when, or that nobody did."""

    line: str
    words: str


class Letter(Frozen):
    """A referral letter, whole. `blocks` is the request, `annex` the facts behind it.

    emergency: what has to be done first, above the request; a letter without one says nothing of
    it, as letters of earlier versions. signed_at is None while it is a draft. sender, recipient
    and dated are lines.
    """

    number: str
    title: str
    draft_mark: str
    foot: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    dated: tuple[str, ...]
    emergency: tuple[Paragraph, ...] = Field(default=(), exclude_if=_is_empty)
    request: str
    patient_name: str
    patient_details: str
    blocks: tuple[Block, ...]
    signature: Signature
    annex_heading: str
    annex: tuple[Block, ...]
    edition: str
    edition_sha256: str
    evidence_release: str
    evidence_sha256: str
    signed_at: datetime | None = None
    archival: bool = Field(default=False, exclude_if=_is_empty)
    """Whether it is drawn for archives (PDF/A-2a); letters of earlier versions were not."""
    check_address: str = ""
    """Where a machine asks whether it is genuine, with its code; empty where nothing is to ask."""
    reply_address: str = Field(default="", exclude_if=_is_empty)
    """Where its recipient answers, with its code; empty on a draft, and where none is offered."""

    @property
    def is_draft(self) -> bool:
        """Whether nobody has signed it."""
        return self.signed_at is None

    def block(self, block_id: str) -> Block:
        """The block of this id. Raises KeyError when there is none."""
        for one in (*self.blocks, *self.annex):
            if one.id == block_id:
                return one
        raise KeyError(block_id)

    @property
    def content_sha256(self) -> str:
        """SHA-256 over everything it says but the signature."""
        return sha256_of(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text in reading order: what any copy of the letter says, no more and no less."""
        return tuple(text for text in self._texts() if text)

    def _texts(self) -> Iterator[str]:
        yield from (*self.sender, *self.recipient, *self.dated)
        yield from (one.text for one in self.emergency)
        yield self.request
        yield f"{self.patient_name}, {self.patient_details}"
        for block in self.blocks:
            yield from block.texts
        yield self.signature.line
        yield self.signature.words
        yield self.annex_heading
        for block in self.annex:
            yield from block.texts


def seal_of(content_sha256: str) -> str:
    """The seal as it is printed: 4f2a 91c0 7be3."""
    ends = range(0, SEAL_GROUPS * SEAL_GROUP_LENGTH, SEAL_GROUP_LENGTH)
    return " ".join(content_sha256[start : start + SEAL_GROUP_LENGTH] for start in ends)
