"""What other parts tell the evidence app, which imports none of them: see `hook_points`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Impact, Progress, RuleImpact, unheard
from evidence.domain.parts import Frozen
from evidence.domain.release_content import Name
from evidence.hook_points import EDITIONS, IMPACT, RESTING, TOPICS, USES


@dataclass(frozen=True)
class Usage:
    """One place that rests on a source. `kind` is a singular noun ("rule"); no url, no link.

    rests_on: every source that it rests on, and cautions: every caution.
    """

    label: str
    url: str
    kind: str
    rests_on: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """A rule or a question that a search finds by its own words, and sources by it.

    `kind` is a singular noun; keys: the sources that it rests on.
    """

    kind: str
    id: str
    label: str
    words: str
    keys: frozenset[str]


class LookedAt(NamedTuple):
    """The edition by which new cases are asked, with its hash, and every live one with its own."""

    edition: str
    edition_sha256: str
    editions: tuple[tuple[str, str], ...]

    def is_covered_by(self, impact: Impact) -> bool:
        """Whether an impact was worked out by these editions, and maybe by others."""
        same = (impact.edition, impact.edition_sha256) == (self.edition, self.edition_sha256)
        return same and set(self.editions) <= set(impact.editions)


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


def usages_of(key: str) -> tuple[Usage, ...]:
    """Every place that rests on the source of this key."""
    return tuple(usage for teller in USES.tellers for usage in teller(key))


def topics() -> tuple[Topic, ...]:
    """Every rule and question that rests on sources."""
    return tuple(topic for teller in TOPICS.tellers for topic in teller())


def resting_on(names: frozenset[Name], clinic_id: str | None) -> Resting | None:
    """What rests on these entries; None where nobody can say.

    clinic_id: that of the reader, None for somebody who belongs to none.
    """
    return RESTING.tellers[0](names, clinic_id) if RESTING.tellers else None


def impact_of(before: EvidenceBase, after: EvidenceBase, progress: Progress = unheard) -> Impact:
    """What this change would do to rules and cases; an empty Impact where nobody can say.

    progress: is told on the way; what it raises ends the work.
    """
    if IMPACT.tellers:
        return IMPACT.tellers[0](before, after, progress)
    return Impact(before_sha256=before.sha256, after_sha256=after.sha256)


def is_impact_of_today(impact: Impact) -> bool:
    """Whether the editions by which an impact was worked out are those of now."""
    return all(teller().is_covered_by(impact) for teller in EDITIONS.tellers)
