"""What a change of evidence would do to rules and cases: others compute it, evidence shows it."""

from __future__ import annotations

from collections.abc import Callable

from evidence.domain.parts import Frozen
from evidence.domain.terms import EntryKind

WEIGHT_WORDS = ("none", "weak", "moderate", "strong")
"""Weights from 0 to 3 in words, as the head of the rules calls them."""


class Cause(Frozen):
    """An entry of the evidence whose support of a rule differs."""

    entry: EntryKind
    key: str
    label: str


class RuleImpact(Frozen):
    """A rule that would weigh otherwise. Weights are 0 (none) to 3 (strong).

    left_without_support: it speaks for or against an option and would weigh nothing any more.
    editions: those of which it is a rule, with these words and weights. causes: the sources and
    positions whose support of it differs. rests_on: the keys of all its sources and guidelines.
    """

    rule: str
    because: str
    effect: str
    weight_before: int
    weight_after: int
    support_before: int
    support_after: int
    left_without_support: bool
    causes: tuple[Cause, ...] = ()
    editions: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()

    @property
    def weights(self) -> tuple[str, str]:
        """The weight before and after, in words."""
        return WEIGHT_WORDS[self.weight_before], WEIGHT_WORDS[self.weight_after]

    @property
    def supports(self) -> tuple[str, str]:
        """The best support before and after, in words."""
        return WEIGHT_WORDS[self.support_before], WEIGHT_WORDS[self.support_after]


class CaseGroup(Frozen):
    """Cases of one edition that would change for the same cause.

    rules: those responsible, each as its sentence. what: each difference in words. result: the
    verdict, the leading option or a notice changes; else only reasons do, and a case is in the
    group of each rule that is true in it and weighs otherwise. count: of patients'
    files. vignettes: the patients of the edition. cases: earlier programs named each file.
    """

    rules: tuple[str, ...]
    what: tuple[str, ...]
    result: bool
    count: int
    vignettes: tuple[str, ...]
    cases: tuple[tuple[str, str], ...] = ()
    edition: str = ""


class Reach(Frozen):
    """The verdicts that some answers can give an option, and whether it can lead."""

    option: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    can_lead_before: bool
    can_lead_after: bool


class Impact(Frozen):
    """What would change between two bodies of evidence. is_computed: somebody looked.

    edition: the one by which new cases are asked, with its hash, whose reach is looked at. rules
    and groups name their own: every edition that a case or a decision has is looked at.
    editions: each that was looked at, with its hash.
    compared: stored cases, recorded decisions and vignettes that were looked at; refused: those
    whose answers no edition here reads.
    with_other_results, with_other_reasons: patients' files whose result would change, and those
    where only reasons would; a file of two editions counts under each. None: not counted then.
    """

    before_sha256: str
    after_sha256: str
    is_computed: bool = False
    edition: str = ""
    edition_sha256: str = ""
    editions: tuple[tuple[str, str], ...] = ()
    rules: tuple[RuleImpact, ...] = ()
    compared: int = 0
    refused: int = 0
    with_other_results: int | None = None
    with_other_reasons: int | None = None
    groups: tuple[CaseGroup, ...] = ()
    reach: tuple[Reach, ...] = ()


Progress = Callable[[int, int], None]
"""Told how many cases were looked at, and how many there are."""


def unheard(looked_at: int, to_look_at: int) -> None:
    """Tell nobody."""
