"""Plant every fault of tests/decisions/rules/proof/mutants.py; what objects: docs/mutants.md.

    python -m script.measure.mutants            vignettes against all, proofs against the drawn ones
    python -m script.measure.mutants --all      proofs against all, too (a quarter of an hour)

The exit status is 1 when fewer than 95% of the drawn mutants are killed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from decisions.rules.loading import load_edition
from evidence.loading import load_dossier
from tests.decisions.rules.proof.mutants import A_KIND, SEED, Mutant, drawn, every_mutant
from tests.decisions.rules.proof.mutants_objections import of_proofs, of_vignettes
from tests.decisions.rules.proof.mutants_survivors import WHY

REPORT = Path(__file__).parents[2] / "docs" / "mutants.md"
LEAST_KILLED = 0.95
HEAD = """# Faults planted in the edition

Written by `python -m script.measure.mutants`. A mutant is the released edition, the evidence or the
engine with one fault planted in it. It is killed when the vignettes (`vignettes.yaml` of the
edition and `tests/vignettes/`) or the proofs (`manage.py prove`, with z3) object. Faults that
change no condition, effect, option or weight are left out: a source that lifts nothing can go
without a trace.

Drawn are {a_kind} of each kind with the seed {seed}; tried with the vignettes is every place that a
kind fits. The proofs see the edition and the evidence, not the engine.
"""


class Tried(NamedTuple):
    """What objected to a mutant; by_proofs is None where the proofs were not asked."""

    mutant: Mutant
    by_vignettes: bool
    by_proofs: bool | None

    @property
    def is_killed(self) -> bool:
        """Whether anything objected."""
        return self.by_vignettes or bool(self.by_proofs)


def try_out(mutant: Mutant, *, prove_it: bool) -> Tried:
    """Ask the vignettes, and the proofs where wanted or where the vignettes are silent."""
    by_vignettes = _is_any(of_vignettes(mutant))
    asked = prove_it or not by_vignettes
    return Tried(mutant, by_vignettes, _is_any(of_proofs(mutant)) if asked else None)


def _is_any(objections: Iterator[str]) -> bool:
    return next(objections, None) is not None


def report(tried: list[Tried], names: set[str]) -> str:
    """The page: totals, a line a kind, and the survivors with why."""
    sample = [one for one in tried if one.mutant.name in names]
    lines = [HEAD.format(a_kind=A_KIND, seed=SEED), _totals("drawn", sample)]
    lines += [_totals("at every place", tried), "", "| fault | places | survive | drawn | "]
    lines[-1] += "vignettes object | proofs object |\n|---|---|---|---|---|---|"
    kinds = Counter(one.mutant.kind for one in tried)
    for kind in kinds:
        of_kind = [one for one in tried if one.mutant.kind == kind]
        picked = [one for one in sample if one.mutant.kind == kind]
        survive = sum(not one.is_killed for one in of_kind)
        vignettes = sum(one.by_vignettes for one in picked)
        proofs = sum(bool(one.by_proofs) for one in picked)
        counts = (len(of_kind), survive, len(picked), vignettes, proofs)
        lines.append(f"| {kind} | {' | '.join(str(one) for one in counts)} |")
    lines += ["", "## Survivors", ""]
    lines += [
        f"- {one.mutant.name}: {WHY.get(one.mutant.name, '**not explained yet**')}"
        for one in tried
        if not one.is_killed
    ]
    return "\n".join(lines) + "\n"


def _totals(what: str, tried: list[Tried]) -> str:
    killed = sum(one.is_killed for one in tried)
    by_proofs = sum(bool(one.by_proofs) for one in tried)
    asked = sum(one.by_proofs is not None for one in tried)
    return (
        f"- {what}: {killed} of {len(tried)} killed ({killed / len(tried):.1%}); "
        f"the proofs, asked of {asked}, object to {by_proofs}"
    )


def main(*, prove_all: bool) -> int:
    """The exit status: 1 when too few of the drawn mutants are killed."""
    start, edition, evidence = perf_counter(), load_edition(), load_dossier()
    names = {one.name for one in drawn(edition, evidence)}
    tried = [
        try_out(one, prove_it=prove_all or one.name in names)
        for one in every_mutant(edition, evidence)
    ]
    REPORT.write_text(report(tried, names))
    print(f"{REPORT.name} written after {perf_counter() - start:.0f} s")
    sample = [one for one in tried if one.mutant.name in names]
    killed = sum(one.is_killed for one in sample) / len(sample)
    print(f"{killed:.1%} of {len(sample)} drawn mutants killed (at least {LEAST_KILLED:.0%})")
    return int(killed < LEAST_KILLED)


if __name__ == "__main__":
    sys.exit(main(prove_all="--all" in sys.argv[1:]))
