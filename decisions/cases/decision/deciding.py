"""The reasons that decide on an option, in few words: at most three of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from decisions.cases.decision.reasons import Reason, SourceLink
from decisions.rules.engine.outcomes import Finding, OptionOutcome
from decisions.rules.engine.rules import Effect

MOST = 3
"""So many reasons are shown of an option; all of them are listed elsewhere."""


class Sign(StrEnum):
    """What a reason does, in the order in which reasons are chosen."""

    STOP = "stop"
    BAR = "bar"
    REVIEW = "review"
    FOR = "for"
    AGAINST = "against"


_FIRST = (Sign.STOP, Sign.BAR, Sign.REVIEW)
"""What decides by itself, whatever speaks for an option."""


@dataclass(frozen=True)
class ShortReason:
    """One reason in few words, with its first source that still counts."""

    sign: Sign
    words: str
    source: SourceLink | None
    guideline: str
    """The guideline behind it, where no study is."""
    more: int
    """How many sources it has besides."""
    is_practical: bool


@dataclass(frozen=True)
class Deciding:
    """What is shown of an option: its deciding reasons, and how many more it has."""

    reasons: tuple[ShortReason, ...]
    more: int
    says_for: bool
    says_against: bool
    """Whether anything speaks for it, and against it."""

    @property
    def count(self) -> int:
        """How many reasons it has."""
        return len(self.reasons) + self.more


Say = Callable[[Finding], str]


def deciding(one: OptionOutcome, reasons: Iterable[Reason], say: Say) -> Deciding:
    """The reasons that decide, stops and bars first; both sides are heard where both speak.

    reasons: those of the option that weigh something, in the order of the columns.
    """
    signed = [(_sign(one, reason), reason) for reason in reasons]
    chosen = _chosen(signed)
    return Deciding(
        reasons=tuple(_short(sign, reason, say) for sign, reason in chosen),
        more=len(signed) - len(chosen),
        says_for=any(sign is Sign.FOR for sign, _ in signed),
        says_against=any(sign is not Sign.FOR for sign, _ in signed),
    )


def _sign(one: OptionOutcome, reason: Reason) -> Sign:
    if reason.finding.rule in {bar.rule for bar in one.bars}:
        return Sign.BAR
    signs: Mapping[Effect, Sign] = {
        Effect.STOP: Sign.STOP,
        Effect.REVIEW: Sign.REVIEW,
        Effect.FAVOUR: Sign.FOR,
    }
    return signs.get(reason.finding.effect, Sign.AGAINST)


Signed = tuple[Sign, Reason]


def _chosen(signed: list[Signed]) -> list[Signed]:
    """First what forbids, holds back or needs a specialist, then what decides, then what weighs
    most. The last place goes to the side that would not be heard."""
    ranked = sorted(signed, key=_rank)
    chosen, rest = ranked[:MOST], ranked[MOST:]
    sides = {_is_for(one) for one in chosen}
    unheard = next((one for one in rest if _is_for(one) not in sides), None)
    if unheard is not None:
        chosen = [*chosen[:-1], unheard]
    return sorted(chosen, key=lambda one: list(Sign).index(one[0]))


def _rank(one: Signed) -> tuple[int, bool, int]:
    sign, reason = one
    first = _FIRST.index(sign) if sign in _FIRST else len(_FIRST)
    return first, not reason.decides, -int(reason.finding.weight)


def _is_for(one: Signed) -> bool:
    return one[0] is Sign.FOR


def _short(sign: Sign, reason: Reason, say: Say) -> ShortReason:
    counting = [link for link in reason.sources if not link.citation.retracted]
    positions = [one for one in reason.positions if not one.withdrawn]
    words = say(reason.finding)
    return ShortReason(
        sign=sign,
        words=words[:1].upper() + words[1:],
        source=counting[0] if counting else None,
        guideline=positions[0].label if positions and not counting else "",
        more=max(0, len(counting) + len(positions) - 1),
        is_practical=reason.finding.practical,
    )
