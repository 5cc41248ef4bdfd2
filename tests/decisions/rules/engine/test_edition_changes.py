"""What a later edition asks otherwise, and which of its verdicts are stricter."""

from __future__ import annotations

from itertools import product

import pytest

from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition_changes import (
    OutcomeChanges,
    VerdictChange,
    answers_taken,
    lists_with_more,
    outcome_changes,
    question_changes,
    stricter_of_both,
    strictness,
    values_split,
)
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.questionnaire import Option, Question, Questionnaire
from evidence.loading import load_dossier
from tests.decisions.replay.replay_editions import with_added, without
from tests.decisions.rules.cases import answers_of, decide_raw, vignette

QUESTIONNAIRE = load_edition("2026.1").questionnaire
STRICTEST_FIRST = ("not_suitable", "specialist_review", "more_information")


def changed(question_id: str, **fields: object) -> Questionnaire:
    """The questionnaire with one question otherwise."""
    sections = tuple(
        section.model_copy(
            update={
                "questions": tuple(
                    _with(one, fields) if one.id == question_id else one
                    for one in section.questions
                )
            }
        )
        for section in QUESTIONNAIRE.sections
    )
    return Questionnaire(edition="2026.1", sections=sections)


def _with(question: Question, fields: dict[str, object]) -> Question:
    kept = {name: getattr(question, name) for name in Question.model_fields}
    return Question(**{**kept, **fields})


def without_question(question_id: str) -> Questionnaire:
    sections = tuple(
        section.model_copy(
            update={"questions": tuple(one for one in section.questions if one.id != question_id)}
        )
        for section in QUESTIONNAIRE.sections
    )
    return Questionnaire(edition="2026.1", sections=sections)


def test_same_questionnaire_asks_nothing_otherwise() -> None:
    found = question_changes(QUESTIONNAIRE, QUESTIONNAIRE)

    assert (found.new, found.gone, found.otherwise) == ((), (), ())


def test_question_is_new_or_gone_by_its_id() -> None:
    fewer = without_question("liver")

    assert question_changes(fewer, QUESTIONNAIRE).new == ("liver",)
    assert question_changes(QUESTIONNAIRE, fewer).gone == ("liver",)


def test_other_words_values_and_bounds_are_told_apart() -> None:
    heart = QUESTIONNAIRE.question("heart")
    options = (*heart.options[1:], Option(value="unsure", label="Unsure"))
    cases = {
        "heart": (
            changed("heart", options=options),
            (False, ("Unsure",), (heart.options[0].label,)),
        ),
        "liver": (changed("liver", ask="The liver?"), (True, (), ())),
        "age_years": (changed("age_years", max=110), (False, ("0 to 110",), ("0 to 120",))),
        "breathing": (changed("breathing", help="At night."), (True, (), ())),
    }

    for question_id, (after, expected) in cases.items():
        [one] = question_changes(QUESTIONNAIRE, after).otherwise
        assert one.question == question_id
        assert (one.reworded, one.added, one.removed) == expected


def test_label_in_other_words_is_another_wording() -> None:
    heart = QUESTIONNAIRE.question("heart")
    options = (Option(value="none", label="Nothing known"), *heart.options[1:])

    [one] = question_changes(QUESTIONNAIRE, changed("heart", options=options)).otherwise

    assert one.reworded


def test_answers_that_a_questionnaire_does_not_take_are_left_out() -> None:
    answers = {"heart": "none", "liver": "purple", "nobody": "yes", "age_years": 130, "phq9": {}}

    assert answers_taken(QUESTIONNAIRE, answers) == {"heart": "none"}


@pytest.mark.parametrize(("before", "after"), [*product(Verdict, Verdict)])
def test_stricter_is_held_back_further_and_the_other_three_are_level(
    before: Verdict, after: Verdict
) -> None:
    def place(verdict: Verdict) -> int:
        return STRICTEST_FIRST.index(verdict) if verdict in STRICTEST_FIRST else 3

    assert (strictness(after) < strictness(before)) == (place(after) < place(before))


def test_review_that_is_new_makes_both_and_its_half_stricter() -> None:
    review = {
        "id": "tms-review-new",
        "options": ["repeat_tms"],
        "effect": "review",
        "when": {"at_least": {"age_years": 18}},
        "because": "Grown up.",
        "evidence": [],
    }
    before = decide_raw(vignette("responder-relapsed"))
    after = decide(with_added(review), answers_of(vignette("responder-relapsed")), load_dossier())

    found = outcome_changes(before, after)

    tms = next(one for one in found.stricter if one.option == "repeat_tms")
    assert (tms.after, tms.now) == (Verdict.SPECIALIST_REVIEW, ("Grown up.",))
    assert {one.option for one in found.stricter} == {"repeat_tms", "both"}
    assert found.urgent == ()
    assert found.is_stricter
    assert not outcome_changes(after, before).is_stricter


def test_urgent_rule_that_appears_is_stricter_by_itself() -> None:
    answers = {**vignette("responder-relapsed"), "life_threatening": "yes"}
    before = decide(without("urgent-life-threatening"), answers_of(answers), load_dossier())
    after = decide_raw(answers)

    found, back = outcome_changes(before, after), outcome_changes(after, before)

    assert found.urgent == (load_edition().rule("urgent-life-threatening").because,)
    assert found.is_stricter
    assert (back.urgent, back.no_longer_urgent) == ((), found.urgent)
    assert not back.is_stricter


def test_option_that_is_newly_barred_is_stricter_at_a_level_verdict() -> None:
    answers = {**vignette("responder-relapsed"), "preference": "ketamine"}
    bar = {
        "id": "ketamine-against-made-up",
        "options": [OptionId.KETAMINE],
        "effect": "against",
        "strength": "moderate",
        "basis": "practical",
        "bars": True,
        "when": {"is": {"preference": "ketamine"}},
        "because": "A made-up bar.",
    }
    before = decide_raw(answers)
    barred = decide(with_added(bar), answers_of(answers), load_dossier())

    [change] = outcome_changes(before, barred).verdicts

    assert strictness(change.before) == strictness(change.after)
    assert change.is_stricter
    assert change.now == ("A made-up bar.",)
    assert not outcome_changes(barred, before).is_stricter


def test_missing_answer_names_what_the_later_verdict_waits_for() -> None:
    answers = dict(vignette("responder-relapsed"))
    answers.pop("head_metal", None)
    before = decide(
        without(*(one.id for one in load_edition().rules_using("head_metal"))),
        answers_of(answers),
        load_dossier(),
    )

    tms = next(
        one
        for one in outcome_changes(before, decide_raw(answers)).stricter
        if one.option == "repeat_tms"
    )

    assert (tms.after, tms.waits_for) == (Verdict.MORE_INFORMATION, ("head_metal",))


def test_list_with_more_answers_is_told_and_other_changes_are_not() -> None:
    listed, single = QUESTIONNAIRE.question("comorbidities"), QUESTIONNAIRE.question("heart")
    more = Option(value="made_up", label="Made up")
    cases = {
        "comorbidities": [((*listed.options, more), True), (listed.options[1:], False)],
        "heart": [((*single.options, more), False)],
    }

    for question_id, changes in cases.items():
        for options, told in changes:
            found = lists_with_more(QUESTIONNAIRE, changed(question_id, options=options))
            assert found == ({question_id} if told else set())


def test_value_in_other_words_beside_a_new_one_may_have_been_split() -> None:
    speed = QUESTIONNAIRE.question("speed_needed")
    days, *rest = speed.options
    narrower = days.model_copy(update={"label": "Within days: work is failing"})
    more = Option(value="days_safety", label="Within days: safety is failing")

    cases: tuple[tuple[tuple[Option, ...], set[str]], ...] = (
        ((narrower, more, *rest), {"days"}),
        ((days, more, *rest), set()),
        ((narrower, *rest), set()),
    )
    for options, split in cases:
        found = values_split(QUESTIONNAIRE, changed("speed_needed", options=options))
        assert found.get("speed_needed", frozenset()) == split


def test_of_two_readings_the_stricter_holds_for_each_option() -> None:
    def reading(ketamine: Verdict, tms: Verdict, *urgent: str) -> OutcomeChanges:
        pairs = ((OptionId.KETAMINE, ketamine), (OptionId.REPEAT_TMS, tms))
        return OutcomeChanges(
            verdicts=tuple(
                VerdictChange(
                    option=option, before=Verdict.REASONABLE, after=after, now=(), waits_for=()
                )
                for option, after in pairs
            ),
            urgent=urgent,
        )

    found = stricter_of_both(
        reading(Verdict.SPECIALIST_REVIEW, Verdict.FAVOURED, "First."),
        reading(Verdict.MORE_INFORMATION, Verdict.MORE_INFORMATION),
    )

    assert [one.after for one in found.verdicts] == [
        Verdict.SPECIALIST_REVIEW,
        Verdict.MORE_INFORMATION,
    ]
    assert found.urgent == ("First.",)
