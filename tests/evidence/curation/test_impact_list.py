"""What a release would change, as its page lists it."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from evidence.curation.presenters import FEW, present_impact
from evidence.domain.impact import CaseGroup, Impact
from evidence.ending import Endings
from evidence.loading import load_dossier

TODAY = Endings(load_dossier(), date(2026, 11, 1))


def impact_of_groups(*counts: int, edition: str = "2026.1") -> tuple[CaseGroup, ...]:
    return tuple(
        CaseGroup(
            rules=(f"Because of {count}.",),
            what=(),
            result=True,
            count=count,
            vignettes=(),
            edition=edition,
        )
        for count in counts
    )


def shown(groups: tuple[CaseGroup, ...]) -> str:
    impact = Impact(before_sha256="one", after_sha256="other", is_computed=True, groups=groups)
    view = present_impact(impact.model_dump(mode="json"), TODAY)
    return render_to_string("evidence/curation/_impact.html", {"view": view})


def test_list_begins_with_what_concerns_most_cases_and_folds_the_rest() -> None:
    groups = impact_of_groups(50, 40, 30, 2, 1) + impact_of_groups(60, 3, edition="2026.2")

    first, _, folded = shown(groups).partition("The other 2 causes</summary>")

    assert [f"Because of {count}." in first for count in (60, 50, 40, 30, 3)] == [True] * FEW
    assert first.index("of 60.") < first.index("of 50.") < first.index("of 3.")
    assert folded.index("of 2.") < folded.index("of 1.")


def test_short_list_folds_nothing() -> None:
    assert "<details" not in shown(impact_of_groups(*range(1, FEW + 1)))
