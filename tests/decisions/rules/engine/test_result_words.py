"""The words of a result: one place for page, panel, letter and command, and both in one patient."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from decisions.cases.json_lines import CaseLine
from decisions.cases.management.explain import explain_outcome
from decisions.documents.words.reading import PAGES, WordsRefused, read_words, result_words
from decisions.rules.engine.outcomes import OptionOutcome, Outcome, ShownAs, Verdict
from decisions.rules.engine.result_words import ResultWords, say_pair
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import FALLBACK, load_edition
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from tests.decisions.cases.decision.test_presenters import page_of
from tests.decisions.letters.letter_factories import compose, material
from tests.decisions.rules.cases import answers_of, base_with, decide_raw, read_vignettes, vignette
from tests.yaml_files import read_yaml

ACT_FIRST = "Act first: see the notice above"
ON_PAGE_ONE = "Act first: see page one"
"""The table of a letter is in its annex."""
URGENT = vignette("item9-against-clinician")


def raw_words() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(FALLBACK / PAGES)
    return words


def outcome_with(verdict: Verdict, *, urgent: bool, leads: bool) -> Outcome:
    outcome = decide_raw(URGENT if urgent else base_with())
    both = outcome.options[OptionId.BOTH].model_copy(update={"verdict": verdict, "leads": leads})
    return outcome.model_copy(update={"options": {**outcome.options, OptionId.BOTH: both}})


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize(("urgent", "leads"), list(product([True, False], repeat=2)))
def test_act_first_replaces_a_verdict_that_nothing_holds_up(
    verdict: Verdict, urgent: bool, leads: bool
) -> None:
    is_held_up = verdict in {"not_suitable", "specialist_review", "more_information"}

    shown = outcome_with(verdict, urgent=urgent, leads=leads).shown_as(OptionId.BOTH)

    if urgent and not is_held_up:
        assert shown is ShownAs.ACT_FIRST
    elif leads and verdict in {"specialist_review", "more_information"}:
        assert shown is ShownAs.WOULD_LEAD
    else:
        assert shown.value == verdict.value


def test_nothing_leads_behind_a_step_that_comes_first() -> None:
    outcome, first = decide_raw(vignette("responder-relapsed")), decide_raw(URGENT).urgent
    assert outcome.leading == (OptionId.REPEAT_TMS,)

    shown = outcome.behind(first)

    assert shown.urgent == first
    assert shown.shown_as(OptionId.REPEAT_TMS) is ShownAs.ACT_FIRST
    assert (shown.leading, shown.close, shown.by_preference) == ((), (), False)
    assert not any(one.leads for one in shown.options.values())
    assert outcome.behind(()) is outcome


def test_page_letter_and_command_say_what_comes_first() -> None:
    outcome, edition = decide_raw(URGENT), load_edition()
    answers = answers_of(URGENT)
    robustness = robustness_of(edition, answers, load_dossier())

    page = [column.word for column in page_of(URGENT).columns]
    options = compose(material(URGENT)).block("options").table
    command = explain_outcome(CaseLine(id=None, answers=answers), edition, outcome, robustness)

    assert page.count(ACT_FIRST) == 3
    assert options is not None
    assert [ON_PAGE_ONE in row[1] for row in options.rows] == [True, True, True, False]
    assert command.count(f": {ACT_FIRST} [") == 3


@pytest.mark.parametrize("one", read_vignettes(), ids=lambda one: one["id"])
def test_both_in_one_patient_counts_what_its_column_lists(one: dict[str, Any]) -> None:
    outcome = decide_raw(one["answers"])
    both: OptionOutcome = outcome.options[OptionId.BOTH]
    missing = {name for each in (*both.pending, *both.pending_bars) for name in each.waits_for}

    said = say_pair(result_words().pair, outcome)

    assert ("forbids it" in said or "forbid it." in said) == bool(
        both.stops or not both.reviews or both.pending
    )
    assert ("Nothing in these answers forbids it" in said) == (not both.stops and not both.reviews)
    assert (f"{len(missing)} answer" in said) == bool(missing)
    assert (f"{len(both.bars)} reason" in said) or not both.bars


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            vignette("deep-coil-wants-both"),
            "1 point needs a specialist first. 2 reasons speak for two treatments rather than one. "
            "1 reason speaks against two treatments rather than one.",
        ),
        (
            vignette("aneurysm"),
            "1 stop forbids it. 1 point needs a specialist first. 2 reasons hold it back. "
            "1 reason speaks against two treatments rather than one. "
            "Nothing in these answers speaks for two treatments rather than one.",
        ),
        (
            vignette("escort-unknown"),
            "Nothing in these answers forbids it. "
            "1 answer that could forbid it or hold it back is missing. "
            "1 reason holds it back. "
            "1 reason speaks for two treatments rather than one. "
            "1 reason speaks against two treatments rather than one.",
        ),
    ],
    ids=["review", "stop", "missing"],
)
def test_both_in_one_patient_reads_as_sentences(raw: dict[str, Any], said: str) -> None:
    assert say_pair(result_words().pair, decide_raw(raw)) == said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw["shown_as"].pop("act_first"), "shown_as: add act_first"),
        (lambda raw: raw["shown_as"].update(odd="Odd"), "shown_as"),
        (lambda raw: raw["options"].pop("both"), "options: add both"),
        (lambda raw: raw["effects"].update(odd="Odd"), "effects: remove odd"),
        (lambda raw: raw["pair"].pop("stops"), "pair.stops"),
        (lambda raw: raw.update(more="x"), "more"),
    ],
)
def test_words_that_are_not_whole_are_refused(change: Any, told: str) -> None:
    raw = raw_words()
    change(raw)

    with pytest.raises(WordsRefused, match=told):
        read_words(raw, PAGES, ResultWords)


def test_options_of_a_stored_outcome_are_in_their_order() -> None:
    stored = decide_raw(base_with()).model_dump(mode="json")
    stored["options"] = {
        name: stored["options"][name] for name in ("both", "ketamine", "repeat_tms")
    }

    assert list(Outcome.model_validate(stored).options) == list(OptionId)
