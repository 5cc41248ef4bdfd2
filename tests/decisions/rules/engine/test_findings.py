"""What a finding says of its rule, what is known of a form, and how conditions are put together."""

from __future__ import annotations

import pytest

from decisions.rules.engine.certainty_limits import find
from decisions.rules.engine.rules import Effect, OptionId, Rule, Strength, Weight
from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import All, AnyOf, Condition, parse_condition
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import UNKNOWN, facts_of
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Scores
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each

WHEN = {"all": [{"at_least": {"phq9_total": 5}}, {"is": {"heart": "stable"}}]}


def rule() -> Rule:
    return Rule(
        id="tms-favour-x",
        effect=Effect.FAVOUR,
        options=(OptionId.REPEAT_TMS,),
        strength=Strength.STRONG,
        when=parse_condition(WHEN),
        because="x",
        evidence=("kelly-2017", "nobody-1900"),
        positions=("canmat2023-rtms-trd", "nothing"),
        counter=("jelovac-2025",),
    )


def evidence(*retracted: str) -> EvidenceBase:
    return load_dossier().with_retracted(frozenset(retracted))


def test_finding_names_all_that_its_rule_rests_on() -> None:
    found = find(load_edition(), rule(), evidence())

    assert (found.rule, found.effect, found.because) == ("tms-favour-x", Effect.FAVOUR, "x")
    assert found.options == (OptionId.REPEAT_TMS,)
    assert found.strength is Strength.STRONG
    assert found.questions == ("phq9", "heart")
    assert (found.practical, found.bars) == (False, False)
    assert [one.key for one in found.evidence] == ["kelly-2017"]
    assert [one.id for one in found.positions] == ["canmat2023-rtms-trd"]
    assert [one.key for one in found.counter] == ["jelovac-2025"]


def test_citation_says_how_far_its_source_can_be_trusted() -> None:
    source = load_dossier().source("kelly-2017")
    cited = find(load_edition(), rule(), evidence("kelly-2017")).evidence[0]

    assert cited.label == source.label
    assert (cited.kind, cited.certainty) == (source.kind, source.certainty)
    assert cited.verified is source.verified
    assert cited.certainty is not None
    assert cited.retracted is True
    assert find(load_edition(), rule(), evidence()).evidence[0].retracted is False


def test_cited_position_says_where_its_guideline_places_it() -> None:
    position = load_dossier().position("canmat2023-rtms-trd")
    cited = find(load_edition(), rule(), evidence()).positions[0]
    withdrawn = find(load_edition(), rule(), evidence(position.guideline)).positions[0]

    assert cited.guideline == position.guideline
    assert cited.label == load_dossier().source(position.guideline).label
    assert (cited.indication, cited.stance) == (position.indication, position.stance)
    assert (cited.line, cited.grade) == (position.line, position.grade)
    assert None not in (cited.line, cited.grade)
    assert (cited.withdrawn, withdrawn.withdrawn) == (False, True)


def test_support_is_the_best_that_is_left() -> None:
    position = load_dossier().position("canmat2023-rtms-trd")
    without = find(load_edition(), rule(), evidence("kelly-2017", position.guideline))

    assert find(load_edition(), rule(), evidence()).weight > Weight.NONE
    assert (without.weight, without.support) == (Weight.NONE, Weight.NONE)


@pytest.mark.parametrize(("op", "kind"), [("all", All), ("any", AnyOf)])
def test_parts_are_put_together_as_written(op: str, kind: type[Condition]) -> None:
    parts = [{"is": {"heart": "stable"}}, {"not": {"always": True}}]
    condition = parse_condition({op: parts})

    assert type(condition) is kind
    assert condition.evaluate({"heart": "stable"}) is (Truth.FALSE if op == "all" else Truth.TRUE)


@for_each(
    ("raw", "known"),
    [
        ({}, False),
        ({"phq9": {"items": [None] * 9}}, False),
        ({"phq9": {"items": [None] * 8 + [0]}}, True),
        ({"phq9": {"items": [0] * 9}}, True),
        ({"phq9": {"total": 0}}, True),
        ({"phq9": "unknown"}, False),
    ],
)
def test_form_says_something_once_one_item_is_answered(raw: dict[str, object], known: bool) -> None:
    answers = Answers.read(load_edition().questionnaire, raw)

    assert answers.is_known("phq9") is known
    assert answers.facts["phq9"] == ("answered" if known else UNKNOWN)


def test_facts_of_a_copied_total_leave_item_9_open() -> None:
    phq9 = load_edition().questionnaire.question("phq9")

    facts = facts_of(phq9, Scores(entered_total=12))

    assert facts == {"phq9": "answered", "phq9_total": 12, "phq9_item9": UNKNOWN}


def test_evaluation_order_holds_each_question_after_those_it_depends_on() -> None:
    questionnaire = load_edition().questionnaire
    fresh = type(questionnaire)(edition=questionnaire.edition, sections=questionnaire.sections)

    order = [one.id for one in fresh.evaluation_order]

    assert sorted(order) == sorted(one.id for one in fresh.questions)
    assert order.index("tms_best_response") < order.index("tms_benefit_months")
