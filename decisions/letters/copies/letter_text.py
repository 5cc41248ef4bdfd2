"""A letter as plain text: what its PDF says, no more and no less, and that it is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.documents.letter.blocks import Block, Item, Letter, Table
from decisions.documents.words.plain_text import part, whole

COPY = "Copy of letter {number}, signed {moment}. The signed PDF is the original."


def letter_as_text(letter: Letter, *, moment: str, standing: Iterable[str] = ()) -> str:
    """A signed letter. moment: of its signing. standing: what became of it since, in sentences."""
    copy = COPY.format(number=letter.number, moment=moment)
    return whole(
        (
            "\n".join((copy, *standing)),
            "\n".join(letter.sender),
            "\n".join(letter.recipient),
            "\n".join(letter.dated),
            "\n".join(one.text for one in letter.emergency),
            letter.request,
            f"{letter.patient_name}, {letter.patient_details}",
            *(_block(one) for one in letter.blocks),
            f"{letter.signature.line}\n{letter.signature.words}",
            letter.annex_heading.upper(),
            *(_block(one) for one in letter.annex),
            "\n".join((letter.foot, copy)),
        )
    )


def _block(block: Block) -> str:
    return part(block.heading, _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if block.table:
        yield from _rows(block.table)
    for paragraph in block.paragraphs:
        yield paragraph.text
    for item in block.items:
        yield _item(item)


def _rows(table: Table) -> Iterator[str]:
    """A line for each row: what names it, then each cell behind the name of its column."""
    _, *columns = table.columns
    for name, *cells in table.rows:
        told = (f"{column}: {cell}" for column, cell in zip(columns, cells, strict=True) if cell)
        yield f"- {'; '.join((name, *told))}"


def _item(item: Item) -> str:
    """A line of a list; many have a number of their own. Its address follows it in full."""
    text = item.text if item.text[:1].isdigit() else f"- {item.text}"
    return f"{text} {item.href}" if item.href and item.href not in text else text
