"""Cells of a file that no spreadsheet runs, in whatever locale it cuts the file into cells."""

from __future__ import annotations

import re

BEGINS_A_FORMULA = re.compile(r"""(^|[;,\t\r\n])(?=(?:['"]|[^\S\t\r\n])*+[=+\-@\t\r\n])""")
"""Where a spreadsheet reads something to work out, or to run; also where it cuts cells elsewhere
than at commas, and where it drops quotes and spaces."""

IS_GUARDED = re.compile(r"""(^|[;,\t\r\n])'(?=(?:['"]|[^\S\t\r\n])*+[=+\-@\t\r\n])""")


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a formula would begin."""
    return BEGINS_A_FORMULA.sub(r"\1'", text)


def unguarded(cell: str) -> str:
    """The text of a cell without the apostrophes that keep formulas from running."""
    return IS_GUARDED.sub(r"\1", cell)
