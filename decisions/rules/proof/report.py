"""The proof report: what was proved of one edition under one evidence release, and how.

It is data; the page and the JSON file are two readings of it.
"""

from __future__ import annotations

from datetime import date

from decisions.rules.logic.values import Frozen
from decisions.rules.proof.claims import Checked, Claim, Counterexample, NamedException, Opening


class Proved(Frozen):
    """A claim with what each method found."""

    claim: Claim
    results: tuple[Checked, ...]

    @property
    def holds(self) -> bool:
        """Whether every method found that it holds."""
        return all(one.holds for one in self.results)

    @property
    def is_disputed(self) -> bool:
        """Whether the methods disagree: then one of them is wrong."""
        return len({one.holds for one in self.results}) > 1

    @property
    def counterexamples(self) -> tuple[Counterexample, ...]:
        """What breaks it, by whichever method."""
        return tuple(each for one in self.results for each in one.counterexamples)

    @property
    def openings(self) -> tuple[Opening, ...]:
        """What would open the verdicts that it leaves out."""
        return tuple(
            opening
            for one in self.results
            for exception in one.exceptions
            for opening in exception.openings
        )


class ProofReport(Frozen):
    """Every claim about an edition, with hashes of all that it was proved of.

    seconds: both methods together, on the wall clock. proved_on: None until the sheet is kept.
    """

    edition: str
    edition_sha256: str
    evidence_release: str
    evidence_sha256: str
    expectations_sha256: str
    proved_on: date | None = None
    seconds: float
    proved: tuple[Proved, ...]

    @property
    def violations(self) -> tuple[Proved, ...]:
        """The claims that do not hold."""
        return tuple(one for one in self.proved if not one.holds)

    @property
    def exceptions(self) -> tuple[NamedException, ...]:
        """What claims leave out, by whichever method, each once."""
        found = (
            each for one in self.proved for result in one.results for each in result.exceptions
        )
        return tuple({one.name: one for one in found}.values())
