"""The stems, held against those of SQLite's own Porter stemmer."""

from __future__ import annotations

import re
import sqlite3

import pytest

from decisions.rules.loading import EDITIONS
from evidence.loading import DOSSIER
from evidence.search.stemming import stem_of


@pytest.mark.parametrize("word", ["relapse", "relapses", "relapsed", "relapsing"])
def test_forms_of_a_word_have_one_stem(word: str) -> None:
    assert stem_of(word) == "relaps"


@pytest.mark.parametrize("word", ["26708778", "is", "α", "h1"])
def test_what_is_no_english_word_stays(word: str) -> None:
    assert stem_of(word) == word


def test_every_word_of_the_project_is_stemmed_as_by_sqlite() -> None:
    files = [*DOSSIER.glob("*.yaml"), *EDITIONS.rglob("*.yaml")]
    text = " ".join(file.read_text(encoding="utf-8") for file in files)
    words = sorted(set(re.findall("[a-z]+", text.lower())))

    assert len(words) > 3000
    assert {word: stem_of(word) for word in words} == _stems_by_sqlite(words)


def _stems_by_sqlite(words: list[str]) -> dict[str, str]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(word, tokenize='porter ascii')")
    database.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance')")
    database.executemany("INSERT INTO texts (rowid, word) VALUES (?, ?)", enumerate(words))
    return {words[place]: stem for stem, place in database.execute("SELECT term, doc FROM terms")}
