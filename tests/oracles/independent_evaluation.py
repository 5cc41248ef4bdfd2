"""What the rules say of a case, worked out a second time, apart from the engine.

Written from the headers of `rules.yaml` and `questionnaire.yaml` and the contract of
`manage.py decide` alone: plain dictionaries, straight from the YAML, nothing imported from
`decisions` or `evidence`. It is slow and short on purpose. Where the engine and this module differ,
one of them misreads the specification.

Readings chosen where the specification leaves room:

- A PHQ-9 total without item 9 leaves item 9 unknown, even where the total allows one value only;
  a partial form leaves the total unknown, however high the items given already are.
- `close` follows its own definition (sum of 1 or more), also while the top is below 2 and so
  nothing leads.
- `waits_for` names a question without a known answer that, for some answers to the other open
  questions, turns the rule from unknown into true or false. A stored answer to a question that may
  not be asked at all is not asked for again: what decides whether it is asked is.
- `silent` is in the order of the rules, favour and against together.
- A position counts by its grade alone, whatever it says: rules name only those that support them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.oracles.independent_conditions import (
    Truth,
    evaluate,
    known_answers,
    open_is_never_no,
    positions,
    rules,
    sources,
    waits_for,
)

OPTIONS = ("ketamine", "repeat_tms", "both")
HALVES = ("ketamine", "repeat_tms")
STRENGTHS = {"weak": 1, "moderate": 2, "strong": 3}
BY_CERTAINTY = {"high": 3, "moderate": 3, "low": 2, "very_low": 1, None: 1}
BY_GRADE = {1: 3, 2: 2}
STUDIES = [
    "systematic_review",
    "meta_analysis",
    "rct",
    "cohort",
    "retrospective",
    "case_series",
    "case_report",
    "narrative_review",
]


def support(rule: Mapping[str, Any], retracted: frozenset[str]) -> int:
    """The best published support of a rule, 0 (none left) to 3 (strong)."""
    found = [0]
    for key in rule.get("evidence", []):
        source = sources()[key]
        counts = key not in retracted and source["verified"] != "unverified"
        if counts and source["kind"] in STUDIES:
            found.append(BY_CERTAINTY[source["certainty"]])
    for key in rule.get("positions", []):
        position = positions()[key]
        if position["guideline"] not in retracted and position["verified"] != "unverified":
            found.append(BY_GRADE.get(position["grade"], 1))
    return max(found)


def weight(rule: Mapping[str, Any], retracted: frozenset[str]) -> int:
    strength = STRENGTHS[rule["strength"]]
    return strength if rule.get("basis") == "practical" else min(strength, support(rule, retracted))


# ---------------------------------------------------------------- the decision


def decide(answers: Mapping[str, Any], retracted: Iterable[str] = ()) -> dict[str, Any]:
    """The contract's result for one case, without hashes and without settled."""
    known, gone = known_answers(answers), frozenset(retracted)
    truth = {rule["id"]: evaluate(rule["when"], known) for rule in rules()}

    def these(effects: str, option: str | None, wanted: Truth = True) -> list[dict[str, Any]]:
        carried = {option, *HALVES} if option == "both" else {option}
        return [
            rule
            for rule in rules()
            if truth[rule["id"]] is wanted
            and rule["effect"] in effects.split()
            and carried & set(rule.get("options", [None]))
        ]

    def bars(option: str, wanted: Truth) -> list[dict[str, Any]]:
        return [rule for rule in these("against", option, wanted) if rule.get("bars")]

    def held_back(option: str) -> bool:
        still_open = option == "both" and open_is_never_no() and bars(option, None)
        return bool(bars(option, True) or still_open)

    def own(effects: str, option: str) -> list[dict[str, Any]]:
        return [rule for rule in these(effects, option) if option in rule["options"]]

    def weigh(effect: str, option: str) -> int:
        return sum(weight(rule, gone) for rule in own(effect, option))

    sums = {option: weigh("favour", option) - weigh("against", option) for option in HALVES}
    lower = min(sums.values())
    sums["both"] = min(lower, lower + weigh("favour", "both") - weigh("against", "both"))

    open_options = [o for o in OPTIONS if not these("stop", o) and not held_back(o)]
    if not weigh("favour", "both"):
        open_options = [option for option in open_options if option != "both"]
    urgent = these("urgent", None)
    leading, close, by_preference = lead(sums, open_options, known.get("preference"), bool(urgent))

    def verdict(option: str) -> str:
        if these("stop", option):
            return "not_suitable"
        if these("review", option):
            return "specialist_review"
        if these("stop review", option, None):
            return "more_information"
        if held_back(option) or sums[option] < 0:
            return "less_suitable"
        proven = option != "both" or any(
            rule.get("basis") != "practical" and support(rule, gone) >= STRENGTHS["moderate"]
            for rule in own("favour", "both")
        )
        return (
            "favoured" if option in leading and not bars(option, None) and proven else "reasonable"
        )

    def describe(option: str) -> dict[str, Any]:
        reasons = own("favour against", option)
        return {
            "verdict": verdict(option),
            "barred": held_back(option),
            "stops": ids(these("stop", option)),
            "reviews": ids(these("review", option)),
            "for": ids(r for r in reasons if r["effect"] == "favour" and weight(r, gone)),
            "against": ids(r for r in reasons if r["effect"] == "against" and weight(r, gone)),
            "silent": ids(r for r in reasons if not weight(r, gone)),
            "pending": [
                {"rule": rule["id"], "waits_for": waits_for(rule, known)}
                for rule in these("stop review", option, None)
            ],
            "notes": ids(these("note", option)),
        }

    return {
        "urgent": ids(urgent),
        "notes": ids(these("note", None)),
        "leading": leading,
        "close": close,
        "by_preference": by_preference,
        "options": {option: describe(option) for option in OPTIONS},
    }


def lead(
    sums: Mapping[str, int], open_options: list[str], preference: Any, urgent: bool
) -> tuple[list[str], list[str], bool]:
    """What leads, what is close, and whether preference decided."""
    if urgent or not open_options:
        return [], [], False
    top = max(sums[option] for option in open_options)
    close = [option for option in open_options if sums[option] >= max(1, top - 1)]
    listed = close if len(close) > 1 else []
    if top < 2:
        return [], listed, False
    if len(close) == 1:
        return close, [], False
    return ([preference], listed, True) if preference in close else ([], listed, False)


def ids(chosen: Iterable[Mapping[str, Any]]) -> list[str]:
    return [rule["id"] for rule in chosen]
