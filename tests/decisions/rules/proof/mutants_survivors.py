"""The mutants that nothing objects to, and why that is right."""

from __future__ import annotations

WHY = {
    "move a threshold: urgent-item9-differs (1)": (
        "the same rule in effect: with item 9 at 0 `item9_asked_again` is not applicable, so that "
        "neither `unanswered` nor `is` holds and the rule stays false"
    ),
    **{
        f"read an open answer as no: ketamine-review-home-only ({number})": (
            "the same rule in effect: while the question is open, what else the rule asks of it "
            "is not known, and so is the rule"
        )
        for number in (1, 2, 3)
    },
}
"""Mutant -> why no case can tell it from the original."""
