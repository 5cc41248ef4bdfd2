"""The decision page's rows: one column an option, fixed order, every reason with its why."""

from datetime import date
from typing import Any

import pytest

from decisions.cases.decision.cited import cited_by
from decisions.cases.decision.option_columns import Band
from decisions.cases.decision.presenters import DecisionPage, present_decision
from decisions.cases.decision.rule_in_words import condition_in_words
from decisions.rules.engine.answers_in_words import describe_answers
from decisions.rules.engine.halves import without_halves
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import load_edition
from evidence.domain.entries import EvidenceBase
from evidence.ending import Endings
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import answers_of, base_with, decide_raw, read_vignettes, vignette

TODAY = date(2026, 11, 28)


def page_of(
    raw: dict[str, Any],
    evidence: EvidenceBase | None = None,
    open_source: tuple[str, str] | None = None,
) -> DecisionPage:
    edition, used = load_edition(), evidence or load_dossier()
    outcome = decide_raw(raw, used)
    return present_decision(
        case_line=("Case 0001",),
        edition=edition,
        outcome=outcome,
        answers_in_words=describe_answers(edition, answers_of(raw)),
        cited=cited_by(outcome, used),
        endings=Endings(used, TODAY),
        open_source=open_source,
    )


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_every_column_has_the_same_bands_in_the_same_order(one: dict[str, Any]) -> None:
    page = page_of(one["answers"])

    assert [column.option for column in page.columns] == list(OptionId)
    assert all([row.band for row in column.rows] == list(Band) for column in page.columns)


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_every_true_rule_of_an_option_stands_in_its_column(one: dict[str, Any]) -> None:
    page = page_of(one["answers"])
    for column in page.columns:
        out = without_halves(page.outcome, column.option)
        shown = [reason.finding.rule for row in column.rows for reason in row.reasons]
        groups = (out.stops, out.reviews, out.favour, out.against, out.silent, out.notes)

        assert shown == [finding.rule for group in groups for finding in group]


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_what_both_carries_of_its_halves_is_in_their_columns(one: dict[str, Any]) -> None:
    ketamine, tms, both = page_of(one["answers"]).columns
    of_halves = {
        reason.finding.rule
        for half in (ketamine, tms)
        for row in half.rows
        for reason in row.reasons
    }
    of_its_own = {reason.finding.rule for row in both.rows for reason in row.reasons}
    everything = [
        *(both.outcome.stops + both.outcome.reviews + both.outcome.bars + both.outcome.notes)
    ]

    assert not of_its_own & of_halves
    assert {finding.rule for finding in everything} <= of_its_own | of_halves


@for_each("one", read_vignettes(), ids=lambda one: one["id"])
def test_everything_that_waits_is_said_once(one: dict[str, Any]) -> None:
    page = page_of(one["answers"])
    options = page.outcome.options.values()
    waits = {each.rule for out in options for each in (*out.pending, *out.pending_bars)}

    said = [waiting.pending.rule for each in page.unknown.questions for waiting in each.waiting]

    assert sorted(said) == sorted(waits)


def test_act_first_stands_in_place_of_a_verdict_only_where_nothing_comes_before_it() -> None:
    page = page_of(base_with(bp_systolic=190))

    assert [column.marker for column in page.columns] == [
        "not_suitable",
        "act_first",
        "not_suitable",
    ]


def test_leading_with_an_unknown_bar_names_what_is_still_to_ask() -> None:
    tms = page_of(vignette("attendance-unknown-accelerated")).columns[1]

    assert tms.outcome.leads
    assert tms.still_to_ask == ("An accelerated course of TMS",)


def test_what_would_lead_names_what_must_be_cleared_and_first_what_could_forbid_it() -> None:
    raw = base_with(preference="ketamine", tms_access="no")
    without = {name: raw[name] for name in raw if name not in ("mixed_features", "heart")}
    ketamine, tms, _ = page_of(without).columns

    assert ketamine.outcome.would_lead
    assert ketamine.to_clear == ("Heart disease", "Mixed features")
    assert ketamine.open_count == 2
    assert tms.to_clear == ()


def test_both_held_back_by_what_is_open_tells_not_asked_from_not_known() -> None:
    raw = base_with(tms_best_response="partial", preference="both")
    raw |= {"escort": "unknown", "preference": None}
    both = page_of(raw).columns[2]

    assert both.held_back == ()
    assert both.not_asked_yet == ("What the patient prefers",)
    assert both.not_known_yet == ("Someone to bring the patient home",)


def test_both_leading_without_support_is_unproven() -> None:
    both = page_of(vignette("partial-under-way-wants-both")).columns[2]

    assert both.is_unproven


def test_pending_names_the_question_to_answer_first() -> None:
    waiting = [one for each in page_of({}).unknown.questions for one in each.waiting]

    stop = next(one for one in waiting if one.pending.rule == "tms-stop-seizure-now")
    assert (stop.question, stop.section, stop.others) == ("tms_courses", "tms_history", 2)


def test_drawer_opens_under_the_reason_that_cites_the_source() -> None:
    page = page_of(base_with(), open_source=("shanok-2024", "both.both-against-unproven"))

    drawers = {
        (column.option, row.band): row.drawer
        for column in page.columns
        for row in column.rows
        if row.drawer
    }
    assert list(drawers) == [(OptionId.BOTH, Band.AGAINST)]
    assert drawers[OptionId.BOTH, Band.AGAINST].source.source.key == "shanok-2024"


@pytest.mark.parametrize(
    "asked", [("nobody-1999", "both.both-against-unproven"), ("shanok-2024", "x")]
)
def test_drawer_of_nothing_stays_shut(asked: tuple[str, str]) -> None:
    page = page_of(base_with(), open_source=asked)

    assert not any(row.drawer for column in page.columns for row in column.rows)


def test_silent_reasons_are_shown_and_say_so() -> None:
    evidence = load_dossier().with_retracted(frozenset({"sustain3-reinduction-2023"}))

    page = page_of(base_with(ketamine_history="responded"), evidence)

    silent = next(row for row in page.columns[0].rows if row.band is Band.SILENT)
    assert page.has_silent
    assert [one.finding.rule for one in silent.reasons] == ["ketamine-favour-worked-before"]
    assert silent.reasons[0].sources[0].citation.retracted


def test_none_of_these_stands_beside_the_options() -> None:
    alternatives = page_of(base_with()).alternatives

    assert alternatives is not None
    assert alternatives.finding.rule == "note-alternatives"


@for_each("rule", load_edition().rules, ids=lambda rule: rule.id)
def test_every_condition_reads_as_words(rule: Any) -> None:
    words = condition_in_words(load_edition(), rule.id)

    assert words
    assert "_" not in words
    assert words.count("(") == words.count(")")


def test_condition_in_words() -> None:
    assert condition_in_words(load_edition(), "ketamine-stop-blood-pressure") == (
        "Systolic blood pressure is 181 or more or Diastolic blood pressure is 101 or more"
    )
