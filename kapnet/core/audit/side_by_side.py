"""All chains followed at once, each by a process of its own as far as there are processors."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from kapnet.core.audit.chain import CLOSED, INSTALLATION
from kapnet.core.audit.noting import all_chains, is_noted_head, problem_of_notes
from kapnet.core.audit.process import begin, follow
from kapnet.core.audit.verifying import (
    Checked,
    Head,
    beginning_of,
    check_chain,
    head_of,
    past_the_chains,
    start_of,
)

WORTH_A_PROCESS = 20_000
"""Links to follow from which on it is worth the second that a process takes to begin."""


@dataclass
class Found:
    """What became of all chains."""

    chains: Mapping[UUID, Checked]
    others: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """What is wrong, the first of each chain."""
        return [one.problem for one in self.chains.values() if one.problem] + self.others

    @property
    def verified(self) -> dict[UUID, Head]:
        """How far each chain holds that holds."""
        return {chain: one.head for chain, one in self.chains.items() if not one.problem}

    @property
    def head(self) -> Head:
        """How far the chain of the installation holds."""
        return self.chains[INSTALLATION].head


def check_chains(
    noted: Head | None = None, *, is_whole: bool = True, at_once: int | None = None
) -> Found:
    """Follow every chain.

    noted: a head of all heads that was written down elsewhere, and has to be there still. is_whole:
    from the beginning, not from the last head that was verified. at_once: how many processes, as
    many as there are processors if none is said.
    """
    notes = problem_of_notes()
    is_whole = is_whole or bool(notes)
    found = Found(dict(_checked(all_chains(), is_whole=is_whole, at_once=at_once)))
    others = [notes, _problem_of(noted) if noted else "", past_the_chains()]
    found.others = [one for one in others if one]
    return found


def _problem_of(noted: Head) -> str:
    if noted in (beginning_of(INSTALLATION), beginning_of(CLOSED)) or is_noted_head(noted):
        return ""
    end = max(head_of(INSTALLATION).sequence, head_of(CLOSED).sequence)
    if noted.sequence > end:
        gone = f"The chain ends at {end}, and {noted.sequence} was noted"
        return f"{gone}: what came after is gone."
    return f"Event {noted.sequence} of the chain is not the one that was noted."


def _checked(
    chains: list[UUID], *, is_whole: bool, at_once: int | None
) -> Iterator[tuple[UUID, Checked]]:
    processes = max(1, min(at_once or os.cpu_count() or 1, len(chains)))
    if processes == 1 or not _is_worth_it(chains, is_whole=is_whole):
        yield from ((chain, check_chain(chain, is_whole=is_whole)) for chain in chains)
        return
    begins_as = (begin, (str(connection.settings_dict["NAME"]),))
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawning, *begins_as) as pool:
        asked = [pool.submit(follow, chain.hex, is_whole) for chain in chains]
        for chain, answer in zip(chains, asked, strict=True):
            sequence, sha256, problem = answer.result()
            yield chain, Checked(Head(sequence, sha256), problem)


def _is_worth_it(chains: Iterable[UUID], *, is_whole: bool) -> bool:
    """Other processes see what is stored, and nothing of a transaction that is under way."""
    if connection.in_atomic_block:
        return False
    ways = (
        head_of(chain).sequence - start_of(chain, is_whole=is_whole).sequence for chain in chains
    )
    return sum(ways) >= WORTH_A_PROCESS
