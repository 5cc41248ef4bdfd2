"""Three-valued logic in a solver: each truth is a pair of "is true" and "is false".

What is neither is not known. An atom sees to it that it is never both, and then nothing built
of atoms is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from z3 import And, BoolRef, BoolVal, Not, Or


class Kleene(NamedTuple):
    """One truth value of a case that the solver has still to choose."""

    is_true: BoolRef
    is_false: BoolRef

    @property
    def is_unknown(self) -> BoolRef:
        """Neither true nor false."""
        return And(Not(self.is_true), Not(self.is_false))


ALWAYS = Kleene(BoolVal(True), BoolVal(False))


def all_of(parts: Iterable[Kleene]) -> Kleene:
    """True when every part is, false when any part is."""
    parts = list(parts)
    return Kleene(And([one.is_true for one in parts]), Or([one.is_false for one in parts]))


def any_of(parts: Iterable[Kleene]) -> Kleene:
    """True when any part is, false when every part is."""
    parts = list(parts)
    return Kleene(Or([one.is_true for one in parts]), And([one.is_false for one in parts]))


def negate(part: Kleene) -> Kleene:
    """True and false change places; what is not known stays so."""
    return Kleene(part.is_false, part.is_true)


def certain(is_true: BoolRef) -> Kleene:
    """A truth that is always known."""
    return Kleene(is_true, Not(is_true))
