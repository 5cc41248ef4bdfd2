"""Counts the rows of a report once more, from the CSV alone. Imports nothing of ours.

    python script/measure/outcomes_again.py ROWS.csv

Prints JSON: for each instrument and fixed day how many were counted, not assessed, and had each
outcome, with Wilson's interval in percent. What it finds has to be what the report says.
"""

from __future__ import annotations

import csv
import json
import math
import sys

DAYS = {28: 7, 84: 14, 182: 28, 364: 28}
RELIABLE = {"phq9": 6, "gad7": 4}


def forms_in(cell: str) -> list[tuple[int, int]]:
    """d-3:18 d21:9 as days and totals."""
    found = []
    for one in cell.split():
        day, total = one.removeprefix("d").split(":")
        found.append((int(day), int(total)))
    return found


def nearest(forms: list[tuple[int, int]], day: int, around: int) -> int | None:
    """The total nearest to a day: the earlier of two, the last of one day."""
    best: tuple[int, int, int] | None = None
    for place, (at, total) in enumerate(forms):
        if abs(at - day) > around:
            continue
        rank = (abs(at - day), at, -place)
        if best is None or rank < best:
            best, chosen = rank, total
    return None if best is None else chosen


def interval(count: int, of: int) -> list[float]:
    """Wilson's limits in percent, from the roots of (p - x)^2 = z^2 x (1 - x) / n."""
    z = 1.959964
    a, b, c = of + z * z, -(2 * count + z * z), count * count / of
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    return [round(100 * max(0.0, low), 1), round(100 * min(1.0, high), 1)]


def outcomes_of(before: int, after: int, reliable: int) -> dict[str, bool]:
    """What is true of a change."""
    return {
        "response": after <= before / 2,
        "remission": after <= 4,
        "improved": before - after > reliable - 1,
        "worse": after - before > reliable - 1,
    }


def count(rows: list[dict[str, str]], instrument: str, day: int) -> dict[str, object]:
    """One instrument on one day."""
    due = missing = 0
    had = dict.fromkeys(("response", "remission", "improved", "worse"), 0)
    for row in rows:
        before = [one for one in forms_in(row[f"{instrument}_before"]) if one[0] >= -14]
        if not before or before[-1][1] < 10 or int(row["days"]) <= day + DAYS[day]:
            continue
        due += 1
        after = nearest(forms_in(row[f"{instrument}_after"]), day, DAYS[day])
        if after is None:
            missing += 1
            continue
        for name, is_so in outcomes_of(before[-1][1], after, RELIABLE[instrument]).items():
            had[name] += is_so
    found: dict[str, object] = {"due": due, "missing": missing}
    for name, number in had.items():
        found[name] = {"count": number, "interval": interval(number, due) if due else None}
    return found


def main() -> None:
    """Read the file that is named, print what it says."""
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {name: {day: count(rows, name, day) for day in DAYS} for name in RELIABLE}
    print(json.dumps({"rows": len(rows), **found}, indent=1))


if __name__ == "__main__":
    main()
