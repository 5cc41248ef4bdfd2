"""A report as it is printed: every line of it as plain data, small numbers already left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.documents.words.outcome_words import outcome_words
from decisions.rules.outcomes.change import MEASURES, PHQ9, WINDOWS, Measure
from decisions.rules.outcomes.cohort import (
    BANDS,
    MAIN_DAY,
    OUTCOMES,
    PATH_ENDS,
    Cohort,
    name_of,
    name_of_path,
)
from decisions.rules.outcomes.hiding import SMALLEST_SHOWN, hidden
from decisions.rules.outcomes.wilson import Share, wilson

LEAST_FOR_PERCENT = 30
"""People. With fewer, a percentage says more than it knows."""
WIDE_APART = 0.10
HARM = ("stopped", "serious", "new_item9", "another_treatment", "died", "withdrew")
LASTED = ("relapsed", "held", "not_followed")

Line = dict[str, Any]


@dataclass
class Printer:
    """Says counts and shares, and nothing where a number is hidden."""

    cohort: Cohort
    hidden: frozenset[str] = field(init=False)
    words: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = outcome_words().report
        self.hidden = hidden(
            self.cohort.counts, self.cohort.sums, never_shown=self.cohort.unprinted
        )

    def is_shown(self, *names: str) -> bool:
        """Whether all of these can be printed."""
        return not self.hidden.intersection(names)

    @property
    def has_few(self) -> bool:
        """Whether a percentage is left out, since it would be of too few people."""
        dues = (name_of(one, "due", day.day) for one in MEASURES.values() for day in WINDOWS)
        return any(0 < self.cohort.counts[one] < LEAST_FOR_PERCENT for one in dues)

    def number(self, name: str) -> Line:
        """A count alone."""
        text = str(self.cohort.counts[name]) if self.is_shown(name) else self.words["not_shown"]
        return {"text": text}

    def share(self, name: str, of: str) -> Line:
        """A count of others; with percent and interval where there are enough of these."""
        if self.is_shown(of) and not self.cohort.counts[of]:
            return {"text": self.words["no_data"]}
        if not self.is_shown(name, of):
            return {"text": self.words["not_shown"]}
        said = {"count": self.cohort.counts[name], "of": self.cohort.counts[of]}
        line = {"text": self.words["of"].format(**said)}
        found = self.percent(name, of)
        return (
            {**line, "more": self.words["interval"].format(**in_percent(found))} if found else line
        )

    def percent(self, name: str, of: str) -> Share | None:
        """The share, where it can be printed."""
        if not self.is_shown(name, of) or self.cohort.counts[of] < LEAST_FOR_PERCENT:
            return None
        return wilson(self.cohort.counts[name], self.cohort.counts[of])


def in_percent(share: Share) -> dict[str, str]:
    """To one decimal."""
    named = {"share": share.value, "low": share.low, "high": share.high}
    return {name: f"{100 * value:.1f}" for name, value in named.items()}


def panels(printer: Printer) -> list[Line]:
    """A table for each instrument: denominators, then everybody, then those who were assessed."""
    return [
        _panel(printer, one)
        for one in MEASURES.values()
        if one is PHQ9 or printer.cohort.counts[name_of(one, "eligible")]
    ]


def _panel(printer: Printer, measure: Measure) -> Line:
    words = printer.words
    groups = [
        {"name": "", "rows": list(_denominators(printer, measure))},
        {"name": words["headline"], "rows": list(_shares(printer, measure, "due"))},
        {"name": words["completers"], "rows": list(_completers(printer, measure))},
    ]
    return {
        "id": measure.id,
        "name": measure.name,
        "heads": [words["day"].format(day=one.day) for one in WINDOWS],
        "groups": groups,
        "says": list(_differences(printer, measure)),
    }


def _denominators(printer: Printer, measure: Measure) -> Iterator[Line]:
    for name, key in (
        ("began", "began"),
        ("no_baseline", name_of(measure, "no_baseline")),
        ("below", name_of(measure, "below")),
    ):
        yield {"name": printer.words[name], "cells": [printer.number(key)] * len(WINDOWS)}
    for name in ("not_due", "due"):
        cells = [printer.number(name_of(measure, name, one.day)) for one in WINDOWS]
        yield {"name": printer.words[name], "cells": cells}
    yield _row_of_shares(printer, measure, "missing", "due")


def _shares(printer: Printer, measure: Measure, of: str) -> Iterator[Line]:
    for name in OUTCOMES:
        yield _row_of_shares(printer, measure, name, of)


def _row_of_shares(printer: Printer, measure: Measure, name: str, of: str) -> Line:
    cells = [
        printer.share(name_of(measure, name, one.day), name_of(measure, of, one.day))
        for one in WINDOWS
    ]
    return {"name": printer.words[name], "cells": cells}


def _completers(printer: Printer, measure: Measure) -> Iterator[Line]:
    yield from _shares(printer, measure, "assessed")
    yield _row_of_shares(printer, measure, "no_change", "assessed")
    yield {
        "name": printer.words["median"],
        "cells": [_median(printer, measure, one.day) for one in WINDOWS],
    }


def _median(printer: Printer, measure: Measure, day: int) -> Line:
    assessed = name_of(measure, "assessed", day)
    if not printer.is_shown(assessed):
        return {"text": printer.words["not_shown"]}
    if printer.cohort.counts[assessed] < SMALLEST_SHOWN:
        return {"text": printer.words["no_data"]}
    return {"text": f"{printer.cohort.medians[measure.id, day]:g}"}


def _differences(printer: Printer, measure: Measure) -> Iterator[str]:
    """Where both ways of counting are far apart the page says so."""
    for one in WINDOWS:
        for name in OUTCOMES:
            key = name_of(measure, name, one.day)
            of_all = printer.percent(key, name_of(measure, "due", one.day))
            of_seen = printer.percent(key, name_of(measure, "assessed", one.day))
            if of_all and of_seen and abs(of_seen.value - of_all.value) > WIDE_APART:
                said = {"outcome": printer.words[name], "day": one.day}
                yield printer.words["differs"].format(**said)


def harm(printer: Printer) -> list[Line]:
    """What went wrong, and what else has to be known, of everybody who began."""
    found = [
        {"name": printer.words[name], "cells": [printer.share(name, "began")]} for name in HARM
    ]
    # At any form is no outcome: without a share, it is only what the next lines are of.
    found.append({"name": printer.words["responded"], "cells": [printer.number("responded")]})
    return found + [
        {"name": printer.words[name], "cells": [printer.share(name, "responded")]}
        for name in LASTED
    ]


def missing(printer: Printer) -> list[Line]:
    """Who was not assessed, by the score before."""
    return [
        {
            "name": printer.words["band"].format(low=low, high=high),
            "cells": [
                printer.number(name_of(PHQ9, f"missing {low}-{high}", one.day)) for one in WINDOWS
            ],
        }
        for low, high in BANDS
    ]


def paths(printer: Printer, options: Mapping[str, str]) -> Line:
    """What was led to and chosen, by what came of it: counts alone."""
    words = printer.words
    named = {**options, "close": words["close"], "none": words["none"], "": words["no_decision"]}
    named["other"] = words["other_paths"]
    heads = [words["began"], *(words[one] for one in PATH_ENDS)]
    rows = []
    for led, chosen in printer.cohort.paths if len(printer.cohort.paths) > 1 else ():
        cells = [printer.number(name_of_path(led, chosen))]
        cells += [printer.number(name_of_path(led, chosen, one)) for one in PATH_ENDS]
        rows.append({"led": named[led], "chosen": named[chosen], "cells": cells})
    return {"heads": [words["led_head"], words["chosen_head"], *heads], "rows": rows}


def quoted(printer: Printer, said: Mapping[str, str]) -> str:
    """The one sentence that may be quoted; empty where a number of it is not shown."""
    keys = {
        name: name_of(PHQ9, name, MAIN_DAY)
        for name in ("due", "missing", "assessed", "worse", "response")
    }
    found = printer.percent(keys["response"], keys["due"])
    if found is None or not printer.is_shown(*keys.values()):
        return ""
    counts = {name: printer.cohort.counts[key] for name, key in keys.items()}
    return printer.words["quoted"].format(
        **{**said, **counts, **in_percent(found)}, count=counts["response"], day=MAIN_DAY
    )
