"""HTML -> PDF bytes: tagged, of bundled files only, and the same bytes every time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Timer

import structlog
from django.conf import settings

from decisions.pdf.drawn import Drawn
from decisions.pdf.jobs import Job
from decisions.pdf.pool import LetterCannotBeDrawnError, PressRoom
from decisions.pdf.typefaces import (
    FETCHED_LATER,
    OF_EVERY_LETTER,
    Typeface,
    faces_for,
    folder_of,
    style_of,
    with_families,
)

WARM_UP_AFTER = 3
"""Seconds after a process began to serve: its first pages go before."""

log = structlog.get_logger()
DRAWN = Drawn()
PAPERS = {"letter": "215.9mm 279.4mm", "a4": "210mm 297mm"}


def find_fonts() -> tuple[Path, ...]:
    """The files of every letter's fonts. Raises LetterCannotBeDrawnError when one is missing."""
    found = [folder_of(face) / name for face in OF_EVERY_LETTER for _, name in face.files]
    for file in found:
        if not file.is_file():
            raise LetterCannotBeDrawnError(
                f"The letter's font {file.name} is missing. Run script/setup, which puts it into "
                "static/build/fonts."
            )
    return tuple(found)


@cache
def _room() -> PressRoom:
    later = folder_of(FETCHED_LATER[0])
    return PressRoom(find_fonts()[0].parent, later=later, seconds=settings.LETTER_SECONDS)


def warm_up_soon() -> None:
    """Get the press of this process ready, beside its first requests."""
    timer = Timer(WARM_UP_AFTER, warm_up)
    timer.daemon = True
    timer.start()


def warm_up() -> None:
    """Get the press of this process ready: the first letter is drawn as fast as the next."""
    try:
        _room().warm_up(style_text(settings.LETTER_PAPER))
    except LetterCannotBeDrawnError as error:
        log.warning("press_is_cold", why=str(error))


def style_text(
    paper: str, *, more: tuple[str, ...] = (), faces: tuple[Typeface, ...] = OF_EVERY_LETTER
) -> str:
    """The style sheet of the letter in these fonts, more of them, and the size of the paper."""
    folder: Path = settings.BASE_DIR / "static" / "src"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("letter.css", *more)]
    whole = "\n".join((*texts, f"@page {{ size: {PAPERS[paper]} }}\n"))
    return f"{style_of(faces)}\n{with_families(whole, faces)}"


def draw_html(
    html: str,
    *,
    identifier: bytes,
    paper: str,
    more_style: tuple[str, ...] = (),
    is_looked_at_again: bool = False,
) -> bytes:
    """The PDF of a document, drawn by the press. more_style: files after the letter's own.

    is_looked_at_again: whether it is kept for a while, so that the same costs nothing then.
    Raises LetterCannotBeDrawnError, also for a sign that no font has.
    """
    style = style_text(paper, more=more_style, faces=faces_for(html).faces)
    job, draw = Job(html=html, style=style, identifier=identifier), _room().draw
    return DRAWN.of(job, draw) if is_looked_at_again else draw(job)
