"""The index for searching what is encrypted: found by beginnings, telling little."""

from __future__ import annotations

import pytest

from kapnet.core.encryption.blind_index import (
    FILLED_UP_TO,
    beginnings,
    digest,
    digests_of,
    letters_of,
    make_index,
    searched_digests,
)
from kapnet.core.encryption.keys import keyring
from tests.collecting import for_each

CLINIC, OTHER = "clinic", "other"


@for_each(
    ("typed", "name"),
    [
        ("quill", "Zyxwora Quillfeather"),
        ("QUILLFEATHER", "Zyxwora Quillfeather"),
        ("muller", "Jürgen Müller"),
        ("MÜL", "Jürgen Müller"),
        ("ju\u0308r", "Jürgen Müller"),
        ("strasse", "A. Straße"),
        ("obrien", "P. O'Brien"),
        ("o'b", "P. O'Brien"),
        ("brien", "P. O'Brien"),
        ("smith-jones", "K. Smith-Jones"),
        ("jones", "K. Smith-Jones"),
        ("r.", "R. D."),
        ("mrn-77", "MRN-7731"),
        ("lukasz", "Łukasz Grabowski"),
        ("ŁUKASZ", "Łukasz Grabowski"),
        ("dang", "Đặng Thị Hoa"),
        ("aevarsson", "J. Ævarsson"),
        ("thor", "Þór"),
        ("sorensen", "A. Sørensen"),
        ("2345", "MRN 00412345"),
        ("0412", "MRN 00412345"),
        ("12345", "00412345"),
        ("a" * 40, "a" * 40),
    ],
)
def test_word_is_found_by_its_beginning(typed: str, name: str) -> None:
    assert letters_of(typed)[:24] in set(beginnings(name))


@for_each(
    ("typed", "name"),
    [
        ("feather", "Quillfeather"),
        ("quillx", "Quill"),
        ("345", "00412345"),
        ("9", "MRN 1239"),
    ],
)
def test_other_words_are_not_found(typed: str, name: str) -> None:
    assert letters_of(typed) not in set(beginnings(name))


def test_same_name_in_another_clinic_has_other_digests() -> None:
    assert not digests_of(CLINIC, ["Quill"]) & digests_of(OTHER, ["Quill"])


@pytest.mark.parametrize("name", ["", "R. D.", "Zyxwora Quillfeather"])
def test_number_of_digests_tells_little(name: str) -> None:
    index = make_index(CLINIC, [name]).split()

    assert len(index) % FILLED_UP_TO == 0
    assert index == sorted(set(index))
    assert digests_of(CLINIC, [name]) <= set(index)


def test_row_indexed_before_letters_were_plain_is_found_as_it_is_written() -> None:
    old = {digest(keyring().index_keys[0], CLINIC, "łukasz")}

    assert old & set(searched_digests("Łukasz", within=CLINIC))
    assert old.isdisjoint(searched_digests("Lukasz", within=CLINIC))
