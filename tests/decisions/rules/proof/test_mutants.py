"""A fault planted in the edition, the evidence or the engine draws an objection.

A dozen of the drawn mutants: script/measure/mutants.py tries them all, and writes docs/mutants.md.
"""

from __future__ import annotations

from functools import cache
from itertools import chain

import pytest

from decisions.rules.loading import load_edition
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.proof.mutants import Mutant, drawn, every_mutant
from tests.decisions.rules.proof.mutants_objections import of_proofs, of_vignettes

LEAST_DRAWN = 60
EVERY = 11


@cache
def sample() -> list[Mutant]:
    return drawn(load_edition(), load_dossier())


def objects(mutant: Mutant) -> bool:
    """Whether anything objects; proofs, which take longer, are asked last."""
    return any(True for _ in chain(of_vignettes(mutant), of_proofs(mutant)))


@pytest.mark.slow
@pytest.mark.long
@for_each("mutant", lambda: sample()[::EVERY], ids=lambda one: one.name)
def test_planted_fault_is_objected_to(mutant: Mutant) -> None:
    assert objects(mutant)


@pytest.mark.slow
def test_released_edition_draws_no_objection() -> None:
    original = Mutant("none", "as released", load_edition(), load_dossier())

    assert not objects(original)


def test_proofs_alone_object_to_a_weakened_act_first_rule() -> None:
    weakened = next(
        one
        for one in every_mutant(load_edition(), load_dossier())
        if one.kind == "weaken the effect" and one.what.startswith("urgent-mania")
    )

    assert any(True for _ in of_proofs(weakened))


@pytest.mark.slow
@pytest.mark.long
def test_sample_is_large_mixed_and_always_the_same() -> None:
    again = [one.name for one in drawn(load_edition(), load_dossier())]
    kinds = {one.kind for one in every_mutant(load_edition(), load_dossier())}

    assert [one.name for one in sample()] == again
    assert len(again) >= LEAST_DRAWN
    assert {one.kind for one in sample()} == kinds
