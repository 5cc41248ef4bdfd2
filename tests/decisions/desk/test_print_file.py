"""Many letters in one PDF: tags kept, ids apart, no sheet shared, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import page
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Object

from decisions.desk.print_file import Printed, join_tagged
from tests.decisions.letters.letter_factories import vignettes
from tests.decisions.letters.pdf_reading import draw, pages_of, signed_letter

pytestmark = pytest.mark.slow

JOINED_AT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
NAMES = ("responder-relapsed", "partial-under-way-wants-both", "responder-relapsed")


@pytest.fixture(scope="module")
def files() -> list[Printed]:
    drawn = [draw(signed_letter(answers=vignettes()[name])) for name in NAMES]
    return [Printed(f"L-2026-{number:04d}", pdf) for number, pdf in enumerate(drawn, start=1)]


@pytest.fixture(scope="module")
def joined(files: list[Printed]) -> bytes:
    return join_tagged(files, title="3 letters", joined_at=JOINED_AT)


def elements(element: Object) -> Iterator[Object]:
    yield element
    within = element.get("/K", Array())
    for one in within if isinstance(within, Array) else [within]:
        if isinstance(one, Dictionary) and "/S" in one:
            yield from elements(one)


@pytest.mark.slow
def test_joined_file_passes_the_checks_of_pdf_ua(joined: bytes) -> None:
    report = page.validate_pdf_bytes(joined, profile=page.ValidationProfile.PDF_UA_1)

    assert report.is_compliant, [one.message for one in report.failures]


def test_joined_file_is_hardly_larger_than_its_letters(files: list[Printed], joined: bytes) -> None:
    assert len(joined) <= 1.1 * sum(len(one.pdf) for one in files)


def test_text_and_order_are_those_of_the_letters(files: list[Printed], joined: bytes) -> None:
    single = [text for file in files for text in pages_of(file.pdf)]

    assert [text for text in pages_of(joined) if text.strip()] == single


def test_each_letter_is_a_part_with_its_own_tags(files: list[Printed], joined: bytes) -> None:
    with pikepdf.open(BytesIO(joined)) as pdf:
        (whole,) = [pdf.Root.StructTreeRoot.K]
        parts = list(whole.K)
        counts = [len(list(elements(one))) for one in parts]
        assert [str(one.S) for one in parts] == ["/Part"] * 3
        assert all(one.P.objgen == whole.objgen for one in parts)
    for file, count in zip(files, counts, strict=True):
        with pikepdf.open(BytesIO(file.pdf)) as single:
            root = single.Root.StructTreeRoot.K
            root = root[0] if isinstance(root, Array) else root
            assert len(list(elements(root))) == count


def test_every_mark_on_a_page_leads_to_an_element_of_that_page(joined: bytes) -> None:
    with pikepdf.open(BytesIO(joined)) as pdf:
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        table = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
        places = [one.obj.get("/StructParents") for one in pdf.pages]
        marked = [int(one) for one in places if one is not None]

        assert sorted(set(marked)) == sorted(marked)
        for sheet in pdf.pages:
            if "/StructParents" not in sheet.obj:
                continue
            for element in table[int(sheet.obj.StructParents)]:
                if isinstance(element, Dictionary) and "/Pg" in element:
                    assert element.Pg.objgen == sheet.obj.objgen


def test_cells_name_heads_of_their_own_letter(joined: bytes) -> None:
    with pikepdf.open(BytesIO(joined)) as pdf:
        ids: list[str] = []
        for part in pdf.Root.StructTreeRoot.K.K:
            own = {str(one.ID) for one in elements(part) if "/ID" in one}
            ids += [str(one.ID) for one in elements(part) if "/ID" in one]
            named = {
                str(name)
                for one in elements(part)
                if isinstance(one.get("/A"), Dictionary)
                for name in one.A.get("/Headers", Array())
            }
            assert named
            assert named <= own
        assert len(ids) == len(set(ids))


def test_letter_with_an_odd_number_of_pages_keeps_its_last_sheet_to_itself() -> None:
    one_page = single_page()
    files = [Printed("L-1", one_page), Printed("L-2", one_page)]

    texts = pages_of(join_tagged(files, title="2 letters", joined_at=JOINED_AT))

    assert [bool(text.strip()) for text in texts] == [True, False, True, False]


def single_page() -> bytes:
    """The first page of a letter, with the tags of the whole."""
    out = BytesIO()
    with pikepdf.open(BytesIO(draw(signed_letter()))) as pdf:
        del pdf.pages[1:]
        pdf.save(out)
    return out.getvalue()


def test_outline_leads_to_each_letter(joined: bytes) -> None:
    with pikepdf.open(BytesIO(joined)) as pdf, pdf.open_outline() as outline:
        assert [one.title for one in outline.root] == ["L-2026-0001", "L-2026-0002", "L-2026-0003"]


def test_same_letters_give_the_same_bytes(files: list[Printed], joined: bytes) -> None:
    assert join_tagged(files, title="3 letters", joined_at=JOINED_AT) == joined


def test_file_without_tags_is_refused() -> None:
    blank = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)

    with pytest.raises(ValueError, match="L-1 has no tags"):
        join_tagged([Printed("L-1", blank.getvalue())], title="T", joined_at=JOINED_AT)


def test_bytes_that_are_no_pdf_are_refused() -> None:
    with pytest.raises(pikepdf.PdfError):
        join_tagged([Printed("L-1", b"no pdf")], title="T", joined_at=JOINED_AT)
