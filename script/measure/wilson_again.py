"""Holds our Wilson interval against statsmodels, and writes what statsmodels says for the tests.

    uv run --with statsmodels==0.15.0 --with pydantic python -m script.measure.wilson_again

statsmodels brings scipy and pandas along, which no other test needs: so the tests read its numbers
from a file, and this says whether the file is still what it says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from decisions.rules.outcomes.wilson import wilson

GOLDEN = Path(__file__).parents[2] / "tests" / "decisions" / "outcomes" / "wilson.json"
CLOSE = 1e-7
"""Our z has seven digits."""
PEOPLE = 300
KEPT = (1, 2, 3, 5, 8, 12, 29, 30, 31, 60, 99, 150, 299)
"""Of so many people every count is in the file."""


def main() -> int:
    """The exit status: 1 where ours differs from statsmodels, for any count of up to 299."""
    from statsmodels.stats.proportion import (  # type: ignore[import-not-found]
        proportion_confint,
    )

    furthest, kept = 0.0, {}
    for of in range(1, PEOPLE):
        for count in range(of + 1):
            found = wilson(count, of)
            if found is None:
                return 1
            low, high = (float(one) for one in proportion_confint(count, of, method="wilson"))
            furthest = max(furthest, abs(found.low - low), abs(found.high - high))
            if of in KEPT:
                kept[f"{count}/{of}"] = [round(low, 9), round(high, 9)]
    print(f"The furthest apart: {furthest:.1e}")
    GOLDEN.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
    return 0 if furthest < CLOSE else 1


if __name__ == "__main__":
    sys.exit(main())
