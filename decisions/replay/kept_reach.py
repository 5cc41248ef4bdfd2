"""What some answers can reach under one body of evidence: searched for once, and kept.

It depends on the edition, the evidence and the program alone, and takes as long as thousands of
cases. What is kept lies beside the counts of the cache, with the hash of all that it was made
from and of itself: whatever does not match is searched for again.
"""

from __future__ import annotations

import itertools
from functools import cache as once
from pathlib import Path

from django.core.cache import cache
from pydantic import ValidationError

from decisions.replay.impact import OptionReach, search_reach
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen, sha256_of
from evidence.domain.entries import EvidenceBase

ROOT = Path(__file__).parents[2]
SEARCHES = ("decisions/rules", "decisions/replay/impact.py", "evidence/domain")
"""The code that a search runs: of the rules, of the search, and of what evidence supports."""


class KeptReach(Frozen):
    """What is reached, and the hash of it and of all that it was made from."""

    reach: dict[OptionId, tuple[tuple[str, ...], bool]]
    sha256: str


def reach_under(edition: Edition, evidence: EvidenceBase) -> OptionReach:
    """As `search_reach`."""
    made_from = sha256_of([_program(), edition.sha256, evidence.sha256])
    kept = _kept(made_from)
    if kept is not None:
        return kept
    found = search_reach(edition, evidence)
    plain = KeptReach(reach=dict(found), sha256=_proof(made_from, found))
    cache.set(_key(made_from), plain.model_dump_json(), timeout=None)
    return found


def _kept(made_from: str) -> OptionReach | None:
    try:
        kept = KeptReach.model_validate_json(cache.get(_key(made_from), ""))
    except ValidationError:
        return None
    return kept.reach if kept.sha256 == _proof(made_from, kept.reach) else None


def _key(made_from: str) -> str:
    return f"reach:{made_from}"


def _proof(made_from: str, found: OptionReach) -> str:
    plain = {option.value: [list(verdicts), leads] for option, (verdicts, leads) in found.items()}
    return sha256_of([made_from, plain])


@once
def _program() -> str:
    """The hash of all code that searches: what another program searched for does not count."""
    return sha256_of([[str(one.relative_to(ROOT)), one.read_text()] for one in searching_files()])


def searching_files() -> list[Path]:
    """The files of this code, in one order."""
    places = [ROOT / one for one in SEARCHES]
    files = (one.rglob("*.py") if one.is_dir() else (one,) for one in places)
    return sorted(itertools.chain.from_iterable(files))
