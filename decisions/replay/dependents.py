"""What rests on entries of the evidence: rules, recorded decisions, letters, example patients."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.decision.citing import decisions_naming
from decisions.letters.models import Letter
from decisions.replay.impact import VIGNETTE, rule_impact, rules_of_editions, with_other_reasons
from decisions.replay.impact_queries import live_editions, vignettes
from decisions.replay.responsible_rules import Side
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Rule
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.loading import load_edition
from evidence.domain.entries import EvidenceBase, Withdrawal
from evidence.domain.impact import RuleImpact
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.hooks import Resting
from evidence.queries import current_evidence

MOST_OWN_LETTERS = 50
"""How many letters of a reader's clinic are named, the newest first; all are counted."""


def resting(names: frozenset[Name], clinic_id: str | None) -> Resting:
    """What rests on these entries of the current evidence, and what would be left without them."""
    edition, before = load_edition(), current_evidence()
    rules = rules_of_editions(
        rule for one in live_editions() for rule in _rules(one, before, names)
    )
    keys = [key for kind, key in names if kind in (EntryKind.SOURCE, EntryKind.POSITION)]
    with scopes_disabled():
        return Resting(
            rules=rules,
            decisions=decisions_naming(keys).count(),
            letters=_letters(keys).count(),
            own_letters=_own_letters(keys, clinic_id),
            vignettes=_vignettes(
                edition,
                before,
                frozenset(one.rule for one in rules if edition.id in one.editions),
            ),
        )


def _rules(edition: Edition, before: EvidenceBase, names: frozenset[Name]) -> Iterator[RuleImpact]:
    after = without(before, names)
    pairs = zip(prepare(edition, before), prepare(edition, after), strict=True)
    for was, now in pairs:
        if names & {*_cited(was.rule, before)}:
            found = rule_impact(was, now, before, after)
            yield found.model_copy(update={"editions": (edition.id,)})


def _cited(rule: Rule, evidence: EvidenceBase) -> Iterator[Name]:
    """The entries that a rule names, and the guidelines of its positions."""
    for key in (*rule.evidence, *rule.counter):
        yield EntryKind.SOURCE, key
    for position in rule.positions:
        yield EntryKind.POSITION, position
        if evidence.has_position(position):
            yield EntryKind.SOURCE, evidence.position(position).guideline


def without(evidence: EvidenceBase, names: frozenset[Name]) -> EvidenceBase:
    """This evidence as if these entries were withdrawn."""
    sources = frozenset(key for kind, key in names if kind is EntryKind.SOURCE)
    new = tuple(
        Withdrawal(
            entry=kind,
            key=key,
            withdrawn_as=WithdrawnAs.WRONG,
            reason="Only to see what would be left.",
            on=timezone.localdate(),
        )
        for kind, key in sorted(names)
        if evidence.withdrawal(kind, key) is None
    )
    return evidence.changed(
        retracted=evidence.retracted | sources, withdrawals=(*evidence.withdrawals, *new)
    )


def _letters(keys: Collection[str]) -> QuerySet[Letter]:
    """Signed letters of all clinics that no other replaces and whose decision names a key."""
    replacing = Letter.objects.filter(status=Letter.Status.SIGNED, replaces__isnull=False)
    return Letter.objects.filter(
        status=Letter.Status.SIGNED, decision__in=decisions_naming(keys).values("pk")
    ).exclude(pk__in=replacing.values("replaces_id"))


def _own_letters(keys: Collection[str], clinic_id: str | None) -> tuple[str, ...]:
    if clinic_id is None:
        return ()
    own = _letters(keys).filter(clinic_id=clinic_id).order_by("-signed_at")
    return tuple(str(pk) for pk in own.values_list("pk", flat=True)[:MOST_OWN_LETTERS])


def _vignettes(edition: Edition, evidence: EvidenceBase, rules: frozenset[str]) -> tuple[str, ...]:
    touched = with_other_reasons(Side(edition, evidence), rules, vignettes(edition))
    return tuple(sorted(name.case_id.removeprefix(VIGNETTE) for _, name in touched))
