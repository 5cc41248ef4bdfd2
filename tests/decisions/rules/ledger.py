"""An outcome as short lines, one a reason, so that a vignette can expect all of them.

act rule                 an act-first rule of the case
stop, review, bar, note  true; `open` is a stop, review or bar that is not known
+2 rule, -2 rule         a reason for or against, with what it weighs
silent rule              a true reason that weighs nothing
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Pending


def summary_of(outcome: Outcome) -> dict[str, object]:
    """What every vignette expects."""
    return {
        "urgent": [finding.rule for finding in outcome.urgent],
        "leading": list(outcome.leading),
        "close": list(outcome.close),
        "by_preference": outcome.by_preference,
        "verdicts": {str(option): str(one.verdict) for option, one in outcome.options.items()},
    }


def ledger_of(outcome: Outcome) -> dict[str, list[str]]:
    """Every reason: those of the case, and those of each option."""
    of_case = [*_named("act", outcome.urgent), *_named("note", outcome.notes)]
    of_options = {str(option): list(_lines(one)) for option, one in outcome.options.items()}
    return {"case": of_case, **of_options}


def _lines(one: OptionOutcome) -> Iterator[str]:
    yield from _named("stop", one.stops)
    yield from _named("review", one.reviews)
    yield from _named("bar", one.bars)
    yield from (f"+{int(finding.weight)} {finding.rule}" for finding in one.favour)
    yield from (f"-{int(finding.weight)} {finding.rule}" for finding in one.against)
    yield from _named("silent", one.silent)
    yield from _named("open", (*one.pending, *one.pending_bars))
    yield from _named("note", one.notes)


def _named(word: str, findings: Iterable[Finding | Pending]) -> Iterator[str]:
    return (f"{word} {finding.rule}" for finding in findings)
