"""Signs of a letter that no font here has, each with its place: they would be printed as boxes."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Letter, Paragraph
from decisions.documents.letter.missing import MissingBlock
from decisions.pdf.typefaces import all_are_here, faces_for

NO_FONT = "No font here has {signs}, in {place}. Write it in other letters"
WAITS = "{signs}, in {place}: the fonts for it are still being fetched. The letter waits for them"
IN_ROWS = (
    *("scores", "tms_courses", "trials", "earlier_trials", "others", "medicines"),
    *("medicines_now", "tried", "why_now"),
)
"""Blocks that treatment history fills."""

WRITTEN_HERE = ("reasoning", "asked", "coordination")
"""Blocks that are written with the letter."""


def unprintable(letter: Letter) -> tuple[MissingBlock, ...]:
    """What keeps a letter from being printed, by place. Until the fonts are there it waits."""
    if not faces_for("\n".join(text for _, _, text in _places(letter))).lacking:
        return ()
    words = NO_FONT if all_are_here() else WAITS
    found: dict[tuple[str, str], list[str]] = {}
    for place, where, text in _places(letter):
        for signs in faces_for(text).lacking:
            named = found.setdefault((place, where), [])
            named += [one for one in [_named(signs)] if one not in named]
    return tuple(
        MissingBlock(id="boxes", label=words.format(signs=", ".join(signs), place=place), where=to)
        for (place, to), signs in found.items()
    )


def _named(signs: str) -> str:
    return f"“{signs}” ({' '.join(f'U+{ord(one):04X}' for one in signs)})"


def _places(letter: Letter) -> Iterator[tuple[str, str, str]]:
    """Every text: what its place is called, where it is changed, and what it says."""
    for place, where, lines in (
        ("your own details", "profile", letter.sender),
        ("the recipient", "recipient", letter.recipient),
        ("the patient’s details", "patient", (letter.patient_name, letter.patient_details)),
        ("the head", "facts", (*letter.dated, letter.request, letter.foot, letter.annex_heading)),
        ("the box above the request", "letter:act_first_done", _said_in(letter.emergency)),
        ("the signature", "profile", (letter.signature.line, letter.signature.words)),
    ):
        yield from ((place, where, line) for line in lines)
    for block in (*letter.blocks, *letter.annex):
        yield from ((f"“{block.heading}”", _where(block), text) for text in block.texts)


def _said_in(paragraphs: tuple[Paragraph, ...]) -> tuple[str, ...]:
    return tuple(one.text for one in paragraphs)


def _where(block: Block) -> str:
    if block.id in IN_ROWS:
        return "history"
    return "letter:reasoning" if block.id in WRITTEN_HERE else "facts"
