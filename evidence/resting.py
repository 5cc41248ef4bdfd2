"""What rests on entries of the evidence: others count it, evidence shows it before a withdrawal."""

from __future__ import annotations

from collections.abc import Callable

from evidence.domain.composing import Name
from evidence.domain.entries import Frozen
from evidence.domain.impact import RuleImpact


class Resting(Frozen):
    """What rests on some entries, and what would be left of it without them all.

    rules: those of each edition in use that cite one, with the weight they have and the weight
    they would keep.
    decisions and letters: counted over all clinics; a letter that another replaces does not count.
    own_letters: ids of the newest letters of one clinic, for its members only. vignettes: the
    patients of the edition in whom one of these rules is true.
    """

    rules: tuple[RuleImpact, ...] = ()
    decisions: int = 0
    letters: int = 0
    own_letters: tuple[str, ...] = ()
    vignettes: tuple[str, ...] = ()


Provider = Callable[[frozenset[Name], str | None], Resting]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask this provider. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def resting_on(names: frozenset[Name], clinic_id: str | None) -> Resting | None:
    """What the provider says; None where nobody can say.

    clinic_id: that of the reader, None for somebody who belongs to none.
    """
    for provider in _providers:
        return provider(names, clinic_id)
    return None
