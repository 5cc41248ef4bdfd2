"""The press: a process of its own that turns HTML into tagged PDF and can do nothing else.

`press_room` starts it, hands it jobs on its standard input and takes PDFs from its standard output.
It knows no Django and no database, has no network where the system lets it give that up, a bounded
memory, and writes nothing but small files of fonts. Fonts and style sheet are read once, as most of
what a first drawing costs; the same job gives the same bytes every time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import pydyf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from decisions.pdf.clusters import NotedFonts, name_clusters
from decisions.pdf.jobs import (
    ANSWER,
    BOXES,
    DRAWN,
    FAILED,
    FULL,
    MOST_PAGES,
    NO_ROOM,
    READY,
    TOO_LONG,
    Job,
    read_job,
)
from decisions.pdf.once import KeptStyles, working_once, write_once

SCHEME = "letter:"
MEMORY = 1536 * 1024 * 1024
"""Address space of the process in bytes."""

FILE_SIZE = 16 * 1024 * 1024
"""The largest file it may write, in bytes: the fonts are handed to the font library as files."""

NEW_USERS, NEW_NETWORK = 0x10000000, 0x40000000
"""Flags of unshare(2): a namespace of users, and one of networks that has none in it."""


VARIANT = "pdf/a-2a"
"""What WeasyPrint makes of a letter; `name_accessible` adds PDF/UA-1, as it takes one variant."""

ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"\
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>"""
"""That a PDF follows PDF/UA-1, and what that statement is, as PDF/A asks of each one that it does
not know (ISO 19005-2, 6.6.2.3)."""

STYLES_KEPT = 4
"""Style sheets that are kept parsed, each with the fonts that it names: most letters need one."""

LATER_FONT = re.compile(r"NotoSans\w{0,40}\.ttf")


class TooLongError(ValueError):
    """More pages than a letter may have."""


class BoxesError(ValueError):
    """Signs that no font has: they would be drawn as empty boxes."""


class BundledFiles(URLFetcher):
    """Hands out the files of the letter by name, and nothing else: no file, no network.

    later: the folder of the large fonts, which are read when a letter needs them.
    """

    def __init__(self, files: Mapping[str, bytes], later: Path | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.files, self.later = files, later

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bundled file of this name. Raises ValueError for everything else."""
        name = url.removeprefix(SCHEME)
        if url.startswith(SCHEME) and name in self.files:
            return URLFetcherResponse(url, self.files[name], {"Content-Type": "font/woff2"})
        if url.startswith(SCHEME) and self.later and LATER_FONT.fullmatch(name):
            content = (self.later / name).read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})
        raise ValueError("A letter uses bundled files only.")


@dataclass(frozen=True)
class SetUp:
    """What is set up once: files, fonts and the style sheet, parsed, and what it came to."""

    files: BundledFiles
    fonts: FontConfiguration
    style: CSS
    styles: KeptStyles


def set_up(files: Mapping[str, bytes], style: str, later: Path | None = None) -> SetUp:
    """Files, fonts and style sheet, ready to draw with."""
    bundled, fonts = BundledFiles(files, later), FontConfiguration()
    sheet = CSS(string=style, base_url=SCHEME, url_fetcher=bundled, font_config=fonts)
    return SetUp(bundled, fonts, sheet, KeptStyles())


def draw(job: Job, ready: SetUp) -> bytes:
    """The PDF of a document. Raises TooLongError and BoxesError."""
    with working_once(ready.styles):
        document = HTML(string=job.html, base_url=SCHEME, url_fetcher=ready.files).render(
            stylesheets=[ready.style], font_config=ready.fonts, pdf_variant=VARIANT
        )
        if len(document.pages) > MOST_PAGES:
            raise TooLongError
        document.fonts = NotedFonts()
        pdf: bytes = document.write_pdf(
            pdf_variant=VARIANT, pdf_identifier=job.identifier, finisher=finish
        )
    return pdf


def finish(document: object, pdf: Any) -> None:
    """What is left to do to a drawn PDF before it is written. Raises BoxesError."""
    refuse_boxes(document)
    name_clusters(document, pdf)
    name_scopes(document, pdf)
    name_accessible(pdf)
    compress_once(pdf)
    write_once(pdf)


def refuse_boxes(document: Any) -> None:
    """Raises BoxesError where a sign was drawn as glyph 0, the empty box of every font.

    Asked of what was drawn, and not of the text: neither a table of signs nor the text that a
    reader copies tells what is on the paper.
    """
    drawn = list(document.fonts.values())
    lacking = sorted({code for font in drawn for code in font.missing})
    if lacking or any(0 in set(font.to_unicode) for font in drawn):
        raise BoxesError(", ".join(f"{chr(code)} (U+{code:04X})" for code in lacking))


def name_accessible(pdf: Any) -> None:
    """Say beside PDF/A-2a that it is PDF/UA-1, in plain text: archives read it without a filter."""
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.extra.get("Type") == "/Metadata":
            said = b"".join(one.stream)
            end = said.rindex(b"</rdf:RDF>")
            one.stream, one.compress = [said[:end], ACCESSIBLE, said[end:]], False


def compress_once(pdf: Any) -> None:
    """Compress every stream, which pydyf does twice where a PDF has an identifier.

    It does so as hard as can be, which takes four times as long and makes two percent less.

    A stream that ends as a line does gets a line more: a reader would take its last byte for the
    end of a line, and its length for wrong (ISO 19005-2, 6.1.7.1).
    """
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            while (written := _compressed(one)).endswith((b"\r", b"\n")):
                one.stream = [*one.stream, b""]
                if "Length1" in one.extra:
                    one.extra["Length1"] += 1
            one.stream, one.compress = [written], False
            one.extra["Filter"] = "/FlateDecode"


def _compressed(stream: Any) -> bytes:
    stream.compress = False
    _, _, written = stream.data.partition(b"\nstream\n")
    return zlib.compress(written.removesuffix(b"\nendstream"))


def name_scopes(document: object, pdf: Any) -> None:
    """Say of each table head whether it heads a column or a row, as readers of tags expect.

    WeasyPrint links cells to their heads by id ("table-row-column") and leaves the scope out.
    Every table of the letter has its column heads in the first row and in no other.
    """
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH" and "ID" in element:
            row = element["ID"].string.split("-")[1]
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"


# The process


def serve(folder: Path, later: Path, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Draw every job until there are no more. folder and later: where the fonts are.

    Drawing makes many small objects that live until its end: looking for garbage meanwhile finds
    none and takes a quarter of the time. It is looked for when the document is handed over.
    """
    files = {one.name: one.read_bytes() for one in folder.glob("*.woff2")}
    ready_for = lru_cache(STYLES_KEPT)(lambda style: _set_up_to_stay(files, style, later))
    gc.disable()
    answers.write(ANSWER.pack(READY, 0))
    answers.flush()
    while (job := read_job(jobs)) is not None:
        status, content = _drawn(job, ready_for)
        answers.write(ANSWER.pack(status, len(content)) + content)
        answers.flush()
        gc.collect()


def _set_up_to_stay(files: Mapping[str, bytes], style: str, later: Path) -> SetUp:
    """What is set up stays, and is not looked at for garbage; what went before it is, once more."""
    gc.unfreeze()
    gc.collect()
    ready = set_up(files, style, later)
    gc.freeze()
    return ready


def _drawn(job: Job, ready_for: Any) -> tuple[int, bytes]:
    try:
        ready = ready_for(job.style)
        with at_most(job.seconds):
            return DRAWN, draw(job, ready)
    except TooLongError:
        return TOO_LONG, b""
    except BoxesError as error:
        return BOXES, str(error).encode()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            return NO_ROOM, b""
        return FAILED, type(error).__name__.encode()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End the process once it has computed for longer.

    Time on the clock says nothing of a letter on a machine that is busy.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def give_up_what_is_not_needed() -> None:
    """No network, bounded memory and files, and no trace of its memory left behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_USERS | NEW_NETWORK) != 0:
        libc.unshare(NEW_NETWORK)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve the process that started this one. What a library prints goes to standard error.

    Arguments: the folder of every letter's fonts, that of the others, and one to write into that
    goes at the end.
    """
    give_up_what_is_not_needed()
    tempfile.tempdir = scratch = sys.argv[3]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.buffer, answers)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
