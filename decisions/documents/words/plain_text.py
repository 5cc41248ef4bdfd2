"""Plain text for any record: headings in capitals, lists with dashes, no line broken by us."""

from __future__ import annotations

from collections.abc import Iterable


def part(heading: str, lines: Iterable[str]) -> str:
    """A heading and its lines; nothing where there are none."""
    said = [line for line in lines if line]
    return "\n".join((heading.upper(), *said)) if said else ""


def listed(lines: Iterable[str]) -> list[str]:
    """Lines of a list."""
    return [f"- {line}" for line in lines]


def numbered(lines: Iterable[str]) -> list[str]:
    """Lines with their numbers."""
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


def whole(parts: Iterable[str]) -> str:
    """Parts with an empty line between them, and a line end behind the last one."""
    return "\n\n".join(one for one in parts if one) + "\n"
