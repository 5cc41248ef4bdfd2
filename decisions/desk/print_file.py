"""Several tagged PDFs in one that keeps its tags, each beginning on a sheet of its own.

A library that joins pages drops what tells a screen reader how they read. Here the structure
trees are joined as well: the elements of every letter, the table that leads from marks on a page
to elements, and the ids by which cells name their heads, made different for each letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from pikepdf import (
    Array,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Pdf,
    String,
)

SCHEMA = "{http://www.aiim.org/pdfua/ns/id/}"
ADOBE = "{http://ns.adobe.com/xap/1.0/}"
TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Printed:
    """One file of a print file. name: how the outline calls it, as "L-2026-0001"."""

    name: str
    pdf: bytes


def join_tagged(files: Iterable[Printed], *, title: str, joined_at: datetime) -> bytes:
    """One PDF of these tagged ones, in order, for a printer that prints on both sides.

    A letter with an odd number of pages is followed by a blank one, so that no sheet holds pages
    of two patients. The same files, title and time give the same bytes. Raises pikepdf.PdfError
    for bytes that are no PDF, and ValueError for one without tags.
    """
    with Pdf.new() as joined:
        nums, roots, outline = Array(), Array(), []
        tree = joined.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        whole = joined.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
        used = 0
        for number, file in enumerate(files):
            first = len(joined.pages)
            outline.append(OutlineItem(file.name, first, "Fit"))
            with Pdf.open(BytesIO(file.pdf)) as single:
                own = _take_over(joined, single, file.name)
            _mark_off(own, prefix=f"{number}-")
            for element in _children(own):
                element.P, element.S = whole, Name.Part
                roots.append(element)
            for key, value in _pairs(own.ParentTree):
                nums.append(key + used)
                nums.append(value)
            used = _shift_pages(joined, first=first, by=used)
            _fill_sheet(joined, first=first)
        whole.K, tree.K = roots, whole
        tree.ParentTree = joined.make_indirect(Dictionary(Nums=nums))
        tree.ParentTreeNextKey = used
        joined.Root.StructTreeRoot = tree
        with joined.open_outline() as shown:
            shown.root.extend(outline)
        _describe(joined, title, joined_at)
        out = BytesIO()
        # Thousands of small elements of structure: together they are packed as in the letters.
        packed = ObjectStreamMode.generate
        joined.save(out, deterministic_id=True, object_stream_mode=packed)
        return out.getvalue()


def _take_over(joined: Pdf, single: Pdf, name: str) -> Object:
    """The pages of a file into the joined one, and its structure tree, which points to them."""
    if "/StructTreeRoot" not in single.Root:
        raise ValueError(f"{name} has no tags")
    joined.pages.extend(single.pages)
    return joined.copy_foreign(single.make_indirect(single.Root.StructTreeRoot))


def _shift_pages(joined: Pdf, *, first: int, by: int) -> int:
    """Number the places of pages and links in the table past those of earlier files.

    Returns the next free number.
    """
    highest = by
    for page in list(joined.pages)[first:]:
        for place, key in ((page.obj, "/StructParents"), *_links(page.obj)):
            if key in place:
                place[key] = int(place[key]) + by
                highest = max(highest, int(place[key]) + 1)
    return highest


def _links(page: Object) -> Iterator[tuple[Object, str]]:
    for annotation in page.get("/Annots", Array()):
        yield annotation, "/StructParent"


def _fill_sheet(joined: Pdf, *, first: int) -> None:
    if (len(joined.pages) - first) % 2:
        left, bottom, right, top = (float(one) for one in joined.pages[-1].mediabox)
        joined.add_blank_page(page_size=(right - left, top - bottom))


def _pairs(node: Object) -> Iterator[tuple[int, Object]]:
    """Keys and values of a number tree, its branches included."""
    numbers = list(node.get("/Nums", Array()))
    for key, value in zip(numbers[::2], numbers[1::2], strict=True):
        yield int(key), value
    for branch in node.get("/Kids", Array()):
        yield from _pairs(branch)


def _mark_off(own: Object, *, prefix: str) -> None:
    """Cells name their heads by id, which starts again in each file: put a prefix before each."""
    waiting = _children(own)
    while waiting:
        element = waiting.pop()
        if "/ID" in element:
            element.ID = String(prefix + str(element.ID))
        attributes = element.get("/A")
        if isinstance(attributes, Dictionary) and "/Headers" in attributes:
            named = [String(prefix + str(one)) for one in attributes.Headers]
            attributes.Headers = Array(named)
        waiting.extend(_children(element))


def _children(element: Object) -> list[Object]:
    """The elements within an element; numbers of marked content and links are none."""
    within = element.get("/K", Array())
    found = list(within) if isinstance(within, Array) else [within]
    return [one for one in found if isinstance(one, Dictionary) and "/S" in one]


def _describe(joined: Pdf, title: str, joined_at: datetime) -> None:
    joined.Root.Lang = String("en-US")
    joined.Root.MarkInfo = Dictionary(Marked=True)
    joined.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    made = joined_at.astimezone(UTC).strftime(TIME)
    with joined.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = title
        about[f"{SCHEMA}part"] = "1"
        about[f"{ADOBE}CreateDate"] = made
        about[f"{ADOBE}ModifyDate"] = made
