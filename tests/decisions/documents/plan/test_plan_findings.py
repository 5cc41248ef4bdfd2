"""What speaks about a plan: each rule on both sides, each with a source that exists."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from decisions.documents.plan.conflicts import PlanFinding, findings_about, unknown_parts
from decisions.documents.plan.in_words import compose_plan, say_days, say_finding
from decisions.documents.plan.loading import PlanWordingRefused, load_plan_words, read_plan_words
from decisions.documents.plan.schedule import PlanAsked, lay_out
from decisions.rules.loading import CURRENT_EDITION
from evidence.loading import load_dossier
from tests.collecting import for_each

MONDAY = date(2026, 11, 30)
KNOWN: dict[str, Any] = {
    "tms_first_day": MONDAY,
    "tms_weekdays": (0, 1, 2, 3, 4),
    "tms_sessions": 3,
    "tms_time": time(9),
    "ketamine_days": (date(2026, 12, 1),),
    "ketamine_route": "esketamine",
    "ketamine_time": time(13),
    "watcher": "Nurse B. Muster",
    "driver": "yes",
}


def found(**changes: Any) -> dict[str, PlanFinding]:
    asked = PlanAsked.model_validate({**KNOWN, **changes})
    findings = findings_about(
        asked=asked, planned=lay_out(asked), words=load_plan_words(), evidence=load_dossier()
    )
    return {one.rule.id: one for one in findings}


ALWAYS = {"observation", "no-driving", "spacing"}
SAME = {"keep_apart": False}


@for_each(
    ("changes", "more"),
    [
        ({}, set()),
        (SAME, {"same-day"}),
        ({**SAME, "tms_time": time(13)}, {"same-day", "ketamine-first", "under-observation"}),
        ({**SAME, "tms_time": time(14, 59)}, {"same-day", "ketamine-first", "under-observation"}),
        ({**SAME, "tms_time": time(15)}, {"same-day", "ketamine-first"}),
        ({**SAME, "tms_time": time(12, 59)}, {"same-day"}),
        ({**SAME, "tms_time": None}, {"same-day", "order-not-known"}),
        ({**SAME, "ketamine_time": None}, {"same-day", "order-not-known"}),
        ({"tms_time": None}, set()),
        ({"driver": "no"}, {"no-driver"}),
        ({"driver": ""}, {"driver-not-known"}),
        ({"driver": "not_known"}, {"driver-not-known"}),
        ({"watcher": ""}, {"watcher-not-known"}),
        ({"taper": (2,)}, {"taper"}),
    ],
)
def test_rule_speaks_where_it_should(changes: dict[str, Any], more: set[str]) -> None:
    assert found(**changes).keys() == ALWAYS | more


@pytest.mark.parametrize(
    ("route", "speaks"), [("esketamine", True), ("", True), ("iv", False), ("oral", False)]
)
def test_unknown_route_is_watched_like_esketamine(route: str, speaks: bool) -> None:
    said = found(ketamine_route=route, tms_time=time(14), **SAME)

    assert ("under-observation" in said, "observation" in said) == (speaks, speaks)


def test_plan_without_ketamine_asks_nothing_about_it() -> None:
    assert not found(ketamine_days=(), ketamine_sessions=0)


def test_conflict_names_its_days_source_and_certainty() -> None:
    said = say_finding(found(**SAME)["same-day"], load_plan_words(), {})

    assert said.startswith("Conflict: TMS and ketamine on the same day: 1 December 2026.")
    assert "Spravato drug summary n.d.: certainty high, quoted elsewhere" in said


def test_finding_says_that_something_it_rests_on_has_ended() -> None:
    same_day = found(**SAME)["same-day"]

    said = say_finding(same_day, load_plan_words(), {"hoffken-2013": "this rule has ended"})

    assert "observation and driving make one day hard. (this rule has ended) " in said


def test_every_rule_has_a_source_of_the_dossier() -> None:
    dossier = load_dossier()

    for rule in load_plan_words().rules:
        assert rule.evidence
        assert all(dossier.has_source(key) for key in rule.evidence), rule.id


@for_each(
    ("change", "says"),
    [
        (lambda raw: raw["rules"][0]["evidence"].append("nobody-1999"), "nobody-1999"),
        (lambda raw: raw["rules"][0].update(rule="no-rule"), "no-rule"),
        (lambda raw: raw["rules"][0].update(evidence=[]), "evidence"),
        (lambda raw: raw["rules"].pop(), "spacing"),
        (lambda raw: raw.update(edition="2020.1"), CURRENT_EDITION),
        (lambda raw: raw.update(strange=1), "strange"),
    ],
)
def test_wrong_words_are_refused_by_name(change: Any, says: str) -> None:
    raw = load_plan_words().model_dump(mode="json")
    raw["rules"] = list(raw["rules"])
    raw["rules"][0]["evidence"] = list(raw["rules"][0]["evidence"])
    change(raw)

    with pytest.raises(PlanWordingRefused, match=says):
        read_plan_words(raw)


def test_what_is_not_known_is_named() -> None:
    assert set(unknown_parts(PlanAsked())) == {
        *("tms_first_day", "tms_weekdays", "tms_sessions", "tms_time"),
        *("ketamine_first_day", "ketamine_weekdays", "ketamine_sessions"),
        *("ketamine_route", "ketamine_time", "watcher", "driver"),
    }
    assert unknown_parts(PlanAsked.model_validate(KNOWN)) == ()
    assert unknown_parts(PlanAsked(tms_sessions=0, ketamine_sessions=0)) == ()


def test_withdrawn_source_supports_nothing() -> None:
    dossier = load_dossier()
    gone = dossier.model_copy(update={"retracted": frozenset({"perera-2016"})})
    asked = PlanAsked.model_validate({**KNOWN, "taper": (1,)})

    findings = findings_about(
        asked=asked, planned=lay_out(asked), words=load_plan_words(), evidence=gone
    )
    [taper] = [one for one in findings if one.rule.id == "taper"]

    assert "no published support is left" in say_finding(taper, load_plan_words(), {})


@pytest.mark.parametrize("changes", [{}, SAME, {"tms_first_day": None, "ketamine_days": ()}])
def test_block_says_that_spacing_is_no_evidence(changes: dict[str, Any]) -> None:
    asked = PlanAsked.model_validate({**KNOWN, **changes})
    words = load_plan_words()

    block = compose_plan(asked=asked, planned=lay_out(asked), findings=(), words=words, ended={})

    assert words.custom in block.paragraphs[0].text
    assert all(one.text for one in block.paragraphs)


def test_block_has_every_day_by_month() -> None:
    asked = PlanAsked.model_validate({**KNOWN, "ketamine_days": (date(2027, 1, 4),)})
    block = compose_plan(
        asked=asked, planned=lay_out(asked), findings=(), words=load_plan_words(), ended={}
    )

    assert block.table is not None
    assert block.table.rows == (
        ("November 2026", "30", "no days"),
        ("December 2026", "1, 2", "no days"),
        ("January 2027", "no days", "4"),
    )


def test_days_are_said_by_month() -> None:
    days = (date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 3))

    assert say_days(days) == "1, 2 December 2026; 3 January 2027"
