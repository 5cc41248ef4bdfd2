"""What a change of evidence does to many cases, counted as they are read.

Nothing of a case is kept, so that memory grows with the number of causes, not of cases. Where only
reasons change, each rule is counted by itself: of many cases nearly every one has its own set of
such rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from decisions.replay.cases import StoredCase
from decisions.replay.differences import Change, Responsible
from decisions.replay.impact import VIGNETTE, changed_rules, true_in
from decisions.replay.replay import Both, read_by_both
from decisions.replay.responsible_rules import Explained, Side, Sides
from decisions.rules.engine.edition import Edition
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import CaseGroup


@dataclass
class _Members:
    """How many patients' files are in a group, and which patients of the edition."""

    files: int = 0
    vignettes: list[str] = field(default_factory=list)

    def add(self, case_id: str) -> None:
        if case_id.startswith(VIGNETTE):
            self.vignettes.append(case_id.removeprefix(VIGNETTE))
        else:
            self.files += 1


@dataclass
class _Results(_Members):
    """Those whose result changes for one cause. compared: their answers, now or as recorded."""

    compared: int = 0
    changes: Counter[Change] = field(default_factory=Counter)


class Counting:
    """The cases of one edition, decided under the evidence before and after."""

    def __init__(self, edition: Edition, before: EvidenceBase, after: EvidenceBase) -> None:
        self._edition = edition
        self._sides = Sides(Side(edition, before), Side(edition, after))
        self.rules = changed_rules(edition, before, after)
        self._touching = self._sides.when_true(frozenset(one.rule for one in self.rules))
        self._results: dict[Responsible, _Results] = {}
        self._reasons: dict[str, _Members] = {}
        self.compared = self.refused = 0
        self.with_other_results = self.with_other_reasons = 0

    def add(self, case_id: str, cases: Iterable[StoredCase]) -> None:
        """What one patient's file has of this edition: its answers now, and as recorded."""
        responsible: set[Responsible] = set()
        touched: set[str] = set()
        for one in read_by_both(cases, self._sides):
            if not isinstance(one, Both):
                self.refused += 1
                continue
            self.compared += 1
            responsible |= self._changed(self._sides.explain(one.before, one.after))
            # A rule that weighs otherwise changes the reasons wherever it is true.
            touched |= true_in(one.before, self._touching)
        self._put_in_groups(case_id, responsible, touched)

    def _put_in_groups(
        self, case_id: str, responsible: set[Responsible], touched: set[str]
    ) -> None:
        is_stored = not case_id.startswith(VIGNETTE)
        for cause in responsible:
            self._results[cause].add(case_id)
        if responsible:
            self.with_other_results += is_stored
            return
        self.with_other_reasons += is_stored and bool(touched)
        for rule in touched:
            self._reasons.setdefault(rule, _Members()).add(case_id)

    def _changed(self, explained: Iterable[Explained]) -> set[Responsible]:
        found: set[Responsible] = set()
        for one in explained:
            found.add(one.responsible)
            self._results.setdefault(one.responsible, _Results()).changes[one.change] += 1
        for responsible in found:
            self._results[responsible].compared += 1
        return found

    def groups(self) -> Iterator[CaseGroup]:
        """The results that change, the most first, then the rules where only reasons do."""
        sentences = {rule.id: rule.because for rule in self._edition.rules}
        for cause, results in sorted(self._results.items(), key=_most_compared_first):
            rules = tuple(sentences[rule] for rule in cause.rules)
            what = tuple(_words(*one) for one in sorted(results.changes.items(), key=_most_first))
            yield self._group(results, rules, what, result=True)
        for rule, reasons in sorted(self._reasons.items(), key=_most_files_first):
            yield self._group(reasons, (sentences[rule],), (), result=False)

    def _group(
        self, members: _Members, rules: tuple[str, ...], what: tuple[str, ...], *, result: bool
    ) -> CaseGroup:
        return CaseGroup(
            rules=rules,
            what=what,
            result=result,
            count=members.files,
            vignettes=tuple(sorted(members.vignettes)),
            edition=self._edition.id,
        )


def _most_compared_first(one: tuple[Responsible, _Results]) -> tuple[int, tuple[str, ...]]:
    cause, results = one
    return -results.compared, cause.rules


def _most_files_first(one: tuple[str, _Members]) -> tuple[int, str]:
    rule, reasons = one
    return -(reasons.files + len(reasons.vignettes)), rule


def _most_first(one: tuple[Change, int]) -> tuple[int, str]:
    change, count = one
    return -count, str(change)


def _words(change: Change, count: int) -> str:
    what = f"{change.option} {change.aspect}" if change.option else str(change.aspect)
    words = f"{what}: {change.before} → {change.after}"
    return f"{words} ({count})".replace("_", " ")
