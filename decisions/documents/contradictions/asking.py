"""Everything in a case that does not fit, in one order."""

from __future__ import annotations

from collections.abc import Collection

from decisions.documents.contradictions import codes, days, rows
from decisions.documents.contradictions.compared import Compared, Mismatch

OF_ROWS, OF_CODE, OF_DAYS = rows.QUESTIONS, codes.QUESTIONS, days.QUESTIONS
"""The questions that are compared with rows, with the code, and with days."""
OF_MEDICINES = rows.OF_MEDICINES
"""Those that are compared with the medicines taken now."""

QUESTIONS = OF_ROWS | OF_CODE | OF_DAYS


def mismatches_in(compared: Compared) -> tuple[Mismatch, ...]:
    """Rows first, then the code, then days."""
    return (
        *rows.mismatches_of_rows(compared),
        *codes.mismatches_of_code(compared),
        *days.mismatches_of_days(compared),
    )


def about(mismatches: Collection[Mismatch], place: str) -> tuple[Mismatch, ...]:
    """Those that can be changed at a place."""
    return tuple(one for one in mismatches if place in one.places)
