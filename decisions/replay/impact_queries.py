"""What curation asks before it publishes: every stored case and vignette under other evidence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

from django_scopes import scopes_disabled

from decisions.cases.models import Case, Decision
from decisions.replay.cases import StoredCase
from decisions.replay.collected import Collected
from decisions.replay.differences import CaseName
from decisions.replay.impact import (
    VIGNETTE,
    changed_ids,
    changed_reasons,
    changed_results,
    changed_rules,
    reach,
    rules_of_editions,
    touched_in,
)
from decisions.replay.queries import editions_in_use, stored_cases
from decisions.replay.replay import collect, read_by_both
from decisions.replay.responsible_rules import Side, Sides
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import CURRENT_EDITION, edition_ids, folder_of, load_edition
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import CaseGroup, Impact, Progress, RuleImpact, unheard
from evidence.hooks import LookedAt
from evidence.strict_yaml import read_yaml


def impact(before: EvidenceBase, after: EvidenceBase, progress: Progress = unheard) -> Impact:
    """What would change for the rules of every live edition, for stored cases and vignettes.

    Cases of all clinics are counted; whoever shows them sees to it who may know which. progress:
    told after each case and recorded decision.
    """
    edition = load_edition()
    editions = live_editions()
    to_look_at = sum(_how_many(one) for one in editions)
    count = itertools.count(1)

    def told(cases: Iterator[StoredCase]) -> Iterator[StoredCase]:
        for case in cases:
            yield case
            progress(next(count), to_look_at)

    groups: list[CaseGroup] = []
    rules: list[RuleImpact] = []
    compared = refused = 0
    for one in editions:
        found, seen, unread = _of_edition(one, told(_cases(one)), before, after)
        groups += found
        rules += changed_rules(one, before, after)
        compared, refused = compared + seen, refused + unread
    return Impact(
        before_sha256=before.sha256,
        after_sha256=after.sha256,
        is_computed=True,
        edition=edition.id,
        edition_sha256=edition.sha256,
        editions=_with_hashes(editions),
        rules=rules_of_editions(rules),
        compared=compared,
        refused=refused,
        groups=tuple(groups),
        reach=reach(edition, before, after),
    )


def live_editions() -> list[Edition]:
    """The edition that new cases are asked by, and every other that a case or decision has."""
    names = {CURRENT_EDITION, *editions_in_use()}
    return [load_edition(one) for one in edition_ids() if one in names]


def _with_hashes(editions: Iterable[Edition]) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.sha256) for one in editions)


def editions_now() -> LookedAt:
    """What `impact` would look at now."""
    edition = load_edition()
    return LookedAt(edition.id, edition.sha256, _with_hashes(live_editions()))


def _how_many(edition: Edition) -> int:
    with scopes_disabled():
        cases = Case.objects.filter(edition=edition.id).count()
        decisions = Decision.objects.filter(edition=edition.id).count()
    return cases + decisions + len(vignettes(edition))


def _of_edition(
    edition: Edition, cases: Iterable[StoredCase], before: EvidenceBase, after: EvidenceBase
) -> tuple[list[CaseGroup], int, int]:
    clinics = _clinics()
    sentences = {rule.id: rule.because for rule in edition.rules}
    rules = frozenset(one.rule for one in changed_rules(edition, before, after))
    sides = Sides(Side(edition, before), Side(edition, after))
    collected = Collected(sides)
    touched = []
    for one in read_by_both(cases, sides):
        collect(one, sides, collected)
        if true := touched_in(one, sides, rules):
            touched.append((true, one.case.name))
    found = collected.differences()
    groups = [
        one.model_copy(update={"edition": edition.id})
        for one in (
            *changed_results(found, sentences, clinics),
            *changed_reasons(touched, changed_ids(found), sentences, clinics),
        )
    ]
    seen, unread = found.compared, found.refused
    return groups, seen.cases + seen.decisions, unread.cases + unread.decisions


def _cases(edition: Edition) -> Iterator[StoredCase]:
    yield from stored_cases(edition.id)
    yield from vignettes(edition)


def _clinics() -> dict[str, str]:
    with scopes_disabled():
        rows = Case.objects.values_list("pk", "clinic_id")
        return {str(case): str(clinic) for case, clinic in rows}


@lru_cache(maxsize=4)
def vignettes(edition: Edition) -> tuple[StoredCase, ...]:
    """The patients in words that belong to an edition; an edition without them has none."""
    file = folder_of(edition.id) / "vignettes.yaml"
    read = cast("list[dict[str, Any]]", read_yaml(file) if file.is_file() else [])
    return tuple(
        StoredCase(CaseName(case_id=VIGNETTE + one["id"], decision=None), one["answers"])
        for one in read
    )
