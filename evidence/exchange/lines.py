"""What RIS and PubMed's format share: lines that start with a tag, and lines that go on."""

from __future__ import annotations

MAX_VALUE = 20_000
"""Where a value that runs over many lines is cut, in characters; no field may be as long."""

Tags = dict[str, list[str]]
"""The values of each tag of one record. The value that lines go on with is under "last"."""


def add(tags: Tags, tag: str, value: str) -> None:
    """One line with a tag."""
    tags.setdefault(tag, []).append(value)
    tags["last"] = tags[tag]


def add_line(tags: Tags, line: str) -> None:
    """One line that goes on."""
    if line.strip() and tags.get("last") and len(tags["last"][-1]) < MAX_VALUE:
        tags["last"][-1] += f" {line.strip()}"


def every(tags: Tags, *names: str) -> list[str]:
    """All values of these tags, in the order of the tags."""
    return [value for name in names for value in tags.get(name, [])]


def first(tags: Tags, *names: str) -> str:
    """The first value of the first of these tags that has one."""
    return next((value for value in every(tags, *names) if value.strip()), "")
