"""No regular expression of the code can be made slow by a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.collecting import for_each
from tests.expressions import Expression, UnreadError, expressions_in, slowest_text

ROOT: Path = settings.BASE_DIR
FOLDERS = ("decisions", "evidence", "kapnet", "script")

TWO_WAYS_EACH = rb"/ID\s*\[\s*(?:<([0-9a-f]{32})>|\(((?:\\[0-7]{1,3}|\\.|[^\\()]){16})\))"
"""A digit belongs to an escaped character or follows it: 16 of these are read in 65,536 ways."""


@pytest.mark.slow
def test_s57_no_expression_can_be_made_slow() -> None:
    files = [ROOT / "manage.py", *(file for one in FOLDERS for file in (ROOT / one).rglob("*.py"))]
    every = {(one.pattern, one.flags): one for one in expressions_in(files, ROOT)}.values()

    assert {one.place: slow for one in every if (slow := slowest_text(one))} == {}
    assert len(every) > 50


@for_each(
    ("pattern", "way"),
    [
        (r"(a+)+$", "match"),
        (r"(a|aa)*b", "match"),
        (r"\s+$", "search"),
        (r"\s*\w*\s*\d*$", "match"),
        (r"^(.+?) (?:vs|minus) .+$", "match"),
        (r"x[^y]*y", "findall"),
        (r"(\d+,?)*x", "fullmatch"),
        (TWO_WAYS_EACH, "search"),
    ],
    ids=str,
)
@pytest.mark.slow
def test_slow_expression_is_found(pattern: str | bytes, way: str) -> None:
    assert slowest_text(Expression("here", pattern, 0, frozenset({way}))) is not None


@for_each("pattern", [r"a+b", r"(?>a+)b", r"[a-z]{3,9}\.?\s+\d{4}", r"\s*:"], ids=str)
def test_expression_that_is_only_matched_is_not_searched_with(pattern: str) -> None:
    assert slowest_text(Expression("here", pattern, 0, frozenset({"match"}))) is None


def test_expressions_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text(
        """
WORD = "w+"
NAMED = re.compile(r"a" r"b", re.I | re.DOTALL)
NAMED.match("x")
def using():
    re.sub(rf"{WORD}{re.escape(given)}x", "", text, flags=re.M)
    return re.compile(b"c").finditer(text), RegexValidator(r"d"), re_path("e", view)
Key = Annotated[str, StringConstraints(pattern="f")]
"""
    )

    found = list(expressions_in([tmp_path / "some.py"], tmp_path))

    assert {(one.pattern, one.flags, *sorted(one.ways)) for one in found} == {
        ("ab", int(re.I | re.DOTALL), "match"),
        ("w+wordx", int(re.M), "sub"),
        (b"c", 0, "finditer"),
        ("d", 0, "search"),
        ("e", 0, "search"),
        ("f", 0, "search"),
    }


@for_each(
    "line", ["re.match(prefix, text)", 're.match(f"{prefix}a", text)', "from re import match"]
)
def test_expression_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text(line)

    with pytest.raises(UnreadError, match=r"some\.py:1"):
        list(expressions_in([tmp_path / "some.py"], tmp_path))
