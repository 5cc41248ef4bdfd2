"""Holds our Wilson interval against statsmodels, for every count of up to 299.

uv run --with "statsmodels>=0.14,<0.15" --with pydantic python -m script.measure.wilson_again
"""

from __future__ import annotations

import sys

from decisions.rules.outcomes.wilson import wilson

CLOSE = 1e-7
"""Our z has seven digits."""
PEOPLE = 300


def main() -> int:
    """The exit status: 1 where the two differ."""
    from statsmodels.stats.proportion import (  # type: ignore[import-not-found]
        proportion_confint,
    )

    furthest = 0.0
    for of in range(1, PEOPLE):
        for count in range(of + 1):
            found = wilson(count, of)
            if found is None:
                return 1
            low, high = proportion_confint(count, of, method="wilson")
            furthest = max(furthest, abs(found.low - low), abs(found.high - high))
    print(f"The furthest apart: {furthest:.1e}")
    return 0 if furthest < CLOSE else 1


if __name__ == "__main__":
    sys.exit(main())
