"""Forty invented people, and what was counted of them by hand.

Each line: what it is about, the forms from before as (day, total), those from after, and what else
is so. All began long enough ago that every window is over, unless the line says otherwise.
"""

from __future__ import annotations

from typing import Any

from decisions.rules.outcomes.cohort import Row

OVER = 400
Person = tuple[str, list[tuple[int, int]], list[tuple[int, int]], dict[str, Any]]

PEOPLE: list[Person] = [
    # 1 to 12: assessed on day 28, one by one at the edges
    ("half exactly is a response", [(-3, 20)], [(28, 10)], {}),
    ("one more than half is none", [(-3, 20)], [(28, 11)], {}),
    ("5 exactly is no remission, and half of 10", [(-3, 10)], [(28, 5)], {}),
    ("4 is a remission", [(-3, 10)], [(28, 4)], {}),
    ("6 lower exactly", [(-3, 16)], [(28, 10)], {}),
    ("5 lower", [(-3, 16)], [(28, 11)], {}),
    ("6 higher exactly", [(-3, 16)], [(28, 22)], {}),
    ("5 higher", [(-3, 16)], [(28, 21)], {}),
    ("day 21 counts", [(-3, 18)], [(21, 9)], {}),
    ("day 35 counts", [(-3, 18)], [(35, 9)], {}),
    ("two of one day: the last, which is worse", [(-3, 18)], [(28, 4), (28, 17)], {}),
    ("two as near: the earlier, which is worse", [(-3, 18)], [(26, 15), (30, 3)], {}),
    # 13 to 16: no form in the window of day 28
    ("day 20 is too early", [(-3, 18)], [(20, 2)], {}),
    ("day 36 is too late", [(-3, 18)], [(36, 2)], {}),
    ("died on day 10", [(-3, 19)], [], {"ended": "died", "ended_day": 10}),
    ("did not want to be asked", [(-3, 14)], [(10, 9)], {"ended": "withdrew", "ended_day": 12}),
    # 17 to 20: in no share
    ("no form from before", [], [(28, 3)], {}),
    ("the form from before is 15 days old", [(-15, 22)], [(28, 3)], {}),
    ("9 before", [(-3, 9)], [(28, 3)], {}),
    ("the last before is 9, an earlier one 20", [(-9, 20), (-2, 9)], [(28, 3)], {}),
    # 21 to 24: days not over
    ("day 35 is today: not over", [(-3, 18)], [(28, 3)], {"days": 35}),
    ("day 36 is today: over", [(-3, 18)], [(28, 9)], {"days": 36}),
    ("began today", [(0, 17)], [], {"days": 0}),
    ("over for day 28, not for day 84", [(-3, 15)], [(29, 14)], {"days": 90}),
    # 25 to 34: day 84, and relapse
    ("held", [(-3, 20)], [(28, 8), (84, 7)], {}),
    ("relapse on day 84", [(-3, 20)], [(28, 8), (84, 13)], {}),
    ("10 but only 4 above: no relapse", [(-3, 20)], [(28, 6), (84, 10)], {}),
    ("worse on day 84", [(-3, 12)], [(28, 12), (84, 18)], {}),
    ("day 70 counts", [(-3, 22)], [(70, 11)], {}),
    ("day 69 does not", [(-3, 22)], [(69, 0)], {}),
    (
        "a better score between the days changes nothing",
        [(-3, 22)],
        [(28, 20), (50, 0), (84, 20)],
        {},
    ),
    ("the last before, not the worst", [(-10, 27), (-1, 12)], [(28, 6)], {}),
    (
        "stopped, with a serious event",
        [(-3, 21)],
        [(28, 21)],
        {"state": "stopped", "serious_events": 1},
    ),
    ("item 9 rose", [(-3, 15)], [(28, 19)], {"new_item9": True}),
    # 35 to 40: GAD-7, and another treatment
    (
        "GAD-7: 4 lower",
        [(-3, 18)],
        [(28, 18)],
        {"gad7_before": ((-3, 12),), "gad7_after": ((28, 8),)},
    ),
    (
        "GAD-7: 4 higher",
        [(-3, 18)],
        [(28, 18)],
        {"gad7_before": ((-3, 12),), "gad7_after": ((28, 16),)},
    ),
    (
        "GAD-7: 9 before",
        [(-3, 18)],
        [(28, 18)],
        {"gad7_before": ((-3, 9),), "gad7_after": ((28, 1),)},
    ),
    ("GAD-7 alone", [], [], {"gad7_before": ((-3, 10),), "gad7_after": ((30, 5),)}),
    (
        "another treatment from day 40",
        [(-3, 20)],
        [(28, 9), (84, 3)],
        {"next_course": 40, "another_treatment": True},
    ),
    ("nobody ever asked", [(-3, 23)], [], {}),
]

BEGAN, NO_BASELINE, BELOW = 40, 3, 2
"""PHQ-9. No form: 17, 18, 38. Below: 19, 20. So 35 are left."""

DAY_28 = {
    # Not over: 21, 23. Due: 33.
    "not_due": 2,
    "due": 33,
    # 13, 14, 15, 16, 29, 30, 40
    "missing": 7,
    "assessed": 26,
    # 1, 3, 4, 9, 10, 22, 25, 26, 27, 32, 39
    "response": 11,
    # 4
    "remission": 1,
    # 1 (10), 2 (9), 4 (6), 5 (6), 9, 10, 22 (9), 25, 26 (12), 27 (14), 32 (6), 39 (11)
    "improved": 12,
    # 7
    "worse": 1,
    # 3 (5), 6, 8, 11 (1), 12 (3), 24, 28, 31, 33, 34, 35, 36, 37
    "no_change": 13,
}
DAY_84 = {
    # 21, 22, 23, 24
    "not_due": 4,
    "due": 31,
    # all but 25, 26, 27, 28, 29, 31, 39
    "missing": 24,
    "assessed": 7,
    # 25 (7), 27 (10), 29 (11), 39 (3)
    "response": 4,
    # 39
    "remission": 1,
    # 25, 26 (7), 27, 29, 39
    "improved": 5,
    # 28
    "worse": 1,
    # 31
    "no_change": 1,
}
GAD7_DAY_28 = {
    # 35, 36, 38
    "due": 3,
    "missing": 0,
    # 38
    "response": 1,
    "remission": 0,
    # 35, 38
    "improved": 2,
    # 36
    "worse": 1,
}
LASTED = {
    # 1, 3, 4, 9, 10, 11, 12, 13, 14, 16 (no), 21, 22, 25, 26, 27, 29, 30, 31, 32, 39
    "responded": 19,
    # 11: 4, then 17 that day. 26: 8, then 13. 31: 0, then 20.
    "relapsed": 3,
    # 25, 27. 39 has its next course on day 40, and nothing between.
    "held": 2,
    "not_followed": 14,
}
SHARES = {
    "response of due": ("11 of 33", "33.3% (19.8 to 50.4)"),
    "worse of due": ("1 of 33", "3.0% (0.5 to 15.3)"),
    "missing of due": ("7 of 33", "21.2% (10.7 to 37.8)"),
}


def golden_rows() -> list[Row]:
    """The people as rows."""
    return [
        Row(
            **{
                "row": f"{place:02d}",
                "age_band": "35-44",
                "days": OVER,
                "state": "completed",
                "phq9_before": tuple(before),
                "phq9_after": tuple(after),
                **more,
            }
        )
        for place, (_, before, after, more) in enumerate(PEOPLE, 1)
    ]
