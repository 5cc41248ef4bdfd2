"""sheet.yaml: what is refused, and that changed words are a new version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from decisions.documents.decision_aid.loading import (
    FILE,
    SheetRefused,
    load_sheet,
    read_sheet,
    sheet_version,
)
from decisions.documents.decision_aid.short_loading import FILES, load_short
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition, read_edition
from decisions.rules.logic.values import sha256_of
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.decision_aid.sheet_factories import cell_of, raw_sheet

VERSIONS = {
    "2026.1-1": "2170c90202564d5b741ec6858b2258dec150f9d4723a29d7a8933fbf8eb2fce2",
    "2026.2-2": "94dc13cd68b58c3c035c38ba8a56773e680b936db45e9465f87660558ac542fa",
}
"""Every version that was handed out, with the hash of its words. Changed words are a new one."""

Change = Callable[[dict[str, Any]], object]


def refusal_of(change: Change) -> str:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(raw_sheet(change))
    return str(refused.value)


def figure_of(raw: dict[str, Any], topic: str, option: str, place: int = 0) -> dict[str, Any]:
    figure: dict[str, Any] = cell_of(raw, topic, option)["figures"][place]
    return figure


def test_own_sheet_is_carried_by_own_dossier() -> None:
    assert read_sheet(raw_sheet()) == load_sheet()


def words_of(edition: str) -> str:
    """The hash of a sheet, and of its two pages in each language where it has them."""
    parts: list[Any] = [load_sheet(edition)]
    if edition == CURRENT_EDITION:
        parts += [load_short(one) for one in FILES]
    said = [one.model_dump(mode="json") for one in parts]
    return sha256_of(said if len(said) > 1 else said[0])


def test_changed_words_are_a_new_version() -> None:
    assert VERSIONS[sheet_version()] == words_of(CURRENT_EDITION)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_handed_out_stays_as_it_was(version: str) -> None:
    assert VERSIONS[version] == words_of(version.rpartition("-")[0])


def test_sheet_leaves_the_edition_as_it_is(tmp_path: Path) -> None:
    folder = shutil.copytree(EDITIONS / CURRENT_EDITION, tmp_path / CURRENT_EDITION)
    (folder / FILE).unlink()

    assert read_edition(folder, load_dossier()).sha256 == load_edition().sha256


@for_each(
    ("change", "told"),
    [
        (lambda raw: raw.update(colour="red"), "colour"),
        (lambda raw: raw.pop("values"), "values"),
        (lambda raw: raw["sureness"].pop("low"), "sureness"),
        (lambda raw: cell_of(raw, "lasts", "both").clear(), "a cell is empty"),
        (lambda raw: raw["tables"][1]["topics"][0]["cells"].pop("no_change"), "one cell each"),
        (lambda raw: raw["tables"][1]["topics"][0].update(kind="other"), "as many topics"),
        (lambda raw: raw["general"][0].update(sources=["nobody-1999"]), "no source nobody-1999"),
        (lambda raw: raw["general"][0].update(cautions=["no-such"]), "no caution no-such"),
        (lambda raw: raw["general"][0].update(say="It helps 7 people."), "7 is in no source"),
    ],
)
def test_odd_sheet_is_refused_with_its_place(change: Change, told: str) -> None:
    assert told in refusal_of(change)


@for_each(
    ("change", "told"),
    [
        (
            lambda raw: figure_of(raw, "better", "esketamine")["arms"][0].update(of=28),
            "the sheet says 28, its source 27.1",
        ),
        (
            lambda raw: figure_of(raw, "lasts", "repeat_tms")["arms"][0].update(high=60),
            "the sheet says 60, its source 60.7",
        ),
        (
            lambda raw: figure_of(raw, "lasts", "repeat_tms")["arms"][0].pop("low"),
            "give both ends",
        ),
        (
            lambda raw: figure_of(raw, "serious", "esketamine")["arms"][0].update(up_to=20),
            "the sheet says 20, its source 19",
        ),
        (
            lambda raw: figure_of(raw, "better", "both")["arms"][0].update(counts=[54, 66]),
            "its source 53 of 66",
        ),
        (
            lambda raw: figure_of(raw, "better", "ketamine", 1)["difference"].update(high=25),
            "(14, 4, 25)",
        ),
        (
            lambda raw: figure_of(raw, "serious", "repeat_tms").update(per=100),
            "its source 5.56",
        ),
        (
            lambda raw: figure_of(raw, "better", "esketamine")["arms"][0]["result"].update(
                measure="hope"
            ),
            "has not one such result",
        ),
        (
            lambda raw: figure_of(raw, "better", "both").update(certainty="low"),
            "more certain than its source",
        ),
        (
            lambda raw: figure_of(raw, "better", "esketamine").update(when="after 9 weeks"),
            "9 is in none of its sources",
        ),
        (
            lambda raw: figure_of(raw, "better", "esketamine")["arms"][0].update(of=127),
            "a share is more than 100",
        ),
        (
            lambda raw: figure_of(raw, "better", "ketamine", 1)["arms"].pop(),
            "a difference needs two arms",
        ),
        (
            lambda raw: figure_of(raw, "better", "esketamine")["arms"][0].update(
                of=4,
                result={
                    "source": "popova-2019",
                    "measure": "MADRS least-squares mean difference",
                    "arm": "esketamine vs placebo",
                },
            ),
            "its unit is points, which counts nobody",
        ),
    ],
)
def test_figure_that_is_not_its_result_is_refused(change: Change, told: str) -> None:
    assert told in refusal_of(change)
