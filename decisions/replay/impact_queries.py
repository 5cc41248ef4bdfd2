"""What curation asks before it publishes: every stored case and vignette under other evidence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

from django_scopes import scopes_disabled

from decisions.cases.models import Case, Decision
from decisions.replay.cases import StoredCase
from decisions.replay.counting import Counting
from decisions.replay.differences import CaseName
from decisions.replay.impact import VIGNETTE, reach, rules_of_editions
from decisions.replay.kept_reach import reach_under
from decisions.replay.queries import editions_in_use
from decisions.replay.stored import StoredFile, stored_files
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import CURRENT_EDITION, edition_ids, folder_of, load_edition
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Impact, Progress, unheard
from evidence.hooks import LookedAt
from evidence.strict_yaml import read_yaml


def impact(before: EvidenceBase, after: EvidenceBase, progress: Progress = unheard) -> Impact:
    """What would change for the rules of every live edition, for stored cases and vignettes.

    Cases of all clinics are counted, and none is named. progress: told after each case and
    recorded decision.
    """
    edition = load_edition()
    editions = live_editions()
    counted = {one.id: Counting(one, before, after) for one in editions}
    to_look_at = sum(_how_many(one) for one in editions)
    looked_at = 0
    for file in itertools.chain(stored_files(counted, with_recorded=False), _vignettes(editions)):
        for name, cases in file.by_edition.items():
            counted[name].add(file.case_id, cases)
            for _ in cases:
                looked_at += 1
                progress(looked_at, max(looked_at, to_look_at))
    return Impact(
        before_sha256=before.sha256,
        after_sha256=after.sha256,
        is_computed=True,
        edition=edition.id,
        edition_sha256=edition.sha256,
        editions=_with_hashes(editions),
        rules=rules_of_editions(rule for one in counted.values() for rule in one.rules),
        compared=sum(one.compared for one in counted.values()),
        refused=sum(one.refused for one in counted.values()),
        with_other_results=sum(one.with_other_results for one in counted.values()),
        with_other_reasons=sum(one.with_other_reasons for one in counted.values()),
        groups=tuple(group for one in counted.values() for group in one.groups()),
        reach=reach(edition, before, after, reach_under),
    )


def _vignettes(editions: Iterable[Edition]) -> Iterator[StoredFile]:
    for edition in editions:
        for one in vignettes(edition):
            yield StoredFile(one.name.case_id, {edition.id: [one]})


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


@lru_cache(maxsize=4)
def vignettes(edition: Edition) -> tuple[StoredCase, ...]:
    """The patients in words that belong to an edition; an edition without them has none."""
    file = folder_of(edition.id) / "vignettes.yaml"
    read = cast("list[dict[str, Any]]", read_yaml(file) if file.is_file() else [])
    return tuple(
        StoredCase(CaseName(case_id=VIGNETTE + one["id"], decision=None), one["answers"])
        for one in read
    )
