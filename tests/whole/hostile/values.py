"""Values that no form expects, and how they come over the wire."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

ODD = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "a_00b",
    "\ud800",
    "a\udfffb",
    "\u202ea",
    "\ufffe",
    "\U0001f4a5",
    "0",
    "-1",
    "-0",
    "1e400",
    "1e-400",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "٣",
    "²",
    "2147483648",
    "-2147483649",
    "9223372036854775808",
    str(10**30),
    "9" * 5000,
    "0." + "3" * 5000,
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "12026-1",
    "2026-11-24T25:61",
    "0001-01-01T00:00",
    "9999-12-31T23:59:59.999999Z",
    "24:00",
    "true",
    "null",
    "[]",
    '{"a": 1}',
    "urn:uuid:6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab",
    "6f1c7f0e9c1c4f0e8b0e0123456789ab",
    "{6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab}",
    "../../../etc/passwd",
    "..\\..\\a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//evil.example/",
    "' OR 1=1 --",
    "%",
    "%s%n",
    "\\",
    "=1+1",
    "<b>a</b>",
    "{{7*7}}{% debug %}",
    "a\r\nSet-Cookie: a=b",
    "a@b",
    "a" * 200 + "@" + "b" * 200 + ".example",
    "a" * 100_000,
    "(" * 3000,
    " " * 50_000,
    "\n" * 5000,
    "\u0301" * 5000,
)

texts = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(ODD),
    st.text(st.characters(codec=None), max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)
"""Texts as a browser, a program or nobody would send them."""


def over_the_wire(text: str) -> str:
    """A text percent-encoded; a half of a pair as the three bytes that some programs write."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def as_fields(pairs: list[tuple[str, str]]) -> str:
    """A query or a body of a form."""
    return "&".join(f"{over_the_wire(name)}={over_the_wire(value)}" for name, value in pairs)
