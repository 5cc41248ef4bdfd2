"""A result that was questioned: whether it is settled, what decides it, what would change it.

Kept with a recorded decision as it was then; of a case as it is now, each part is found when a
page needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen
from decisions.rules.sensitivity.changes import Change
from decisions.rules.sensitivity.settled import Robustness
from decisions.rules.sensitivity.who_leads_instead import LeadChange


class Questioned(Frozen):
    """decisive: per option the rules that decide ("because"), in order; changes: per option.

    instead: what would change who leads; nothing where it was not kept.
    """

    robustness: Robustness
    decisive: Mapping[OptionId, tuple[str, ...]]
    changes: Mapping[OptionId, tuple[Change, ...]]
    instead: tuple[LeadChange, ...] = ()
