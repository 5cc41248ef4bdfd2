"""The released edition is proved in two ways; a planted fault is found by both, with a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from decisions.cases.json_lines import read_line, write_outcome
from decisions.rules.engine import weighed_rules as prepared_module
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import Effect, OptionId, Rule, Strength
from decisions.rules.engine.weighed_rules import Entry, Kind, Prepared
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.logic.conditions import parse_condition
from decisions.rules.proof.breaches import open_holds_both
from decisions.rules.proof.claims import Checked, ClaimId, Counterexample, Method, claims_about
from decisions.rules.proof.proving import check_by, prove
from decisions.rules.proof.world import World
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from tests.decisions.rules.cases import EARLIER_EDITION
from tests.decisions.rules.proof.released import expectations

METHODS = (Method.SOLVER, Method.EXHAUSTION)
Change = Callable[[Rule], Rule | None]


def with_rules(change: Change) -> Edition:
    edition = load_edition()
    rules = tuple(found for rule in edition.rules if (found := change(rule)) is not None)
    return Edition(
        id=edition.id,
        questionnaire=edition.questionnaire,
        rules=rules,
        instruments=edition.instruments,
        open_is_never_no=edition.open_is_never_no,
    )


def altered(rule_id: str, **fields: object) -> Edition:
    return with_rules(
        lambda rule: Rule.model_validate({**dict(rule), **fields}) if rule.id == rule_id else rule
    )


def dropped(rule_id: str) -> Edition:
    return with_rules(lambda rule: None if rule.id == rule_id else rule)


def decided(edition: Edition, answers: object) -> Outcome:
    """Through the contract: the line that a program would send."""
    case = read_line(edition.questionnaire, json.dumps({"answers": answers}).encode())
    given = edition, case.answers, load_dossier()
    outcome = decide(*given)
    assert json.loads(write_outcome(case.id, outcome, robustness_of(*given)))["options"]
    return outcome


def found(edition: Edition, claim: ClaimId) -> list[Counterexample]:
    """The first counterexample of each method; fails where one of them finds none."""
    results = checked(edition, claim)
    assert [result.holds for result in results] == [False, False]
    return [result.counterexamples[0] for result in results]


def checked(edition: Edition, claim: ClaimId) -> list[Checked]:
    """What each method says of one claim."""
    given = edition, load_dossier(), expectations()
    return [one for method in METHODS for one in check_by(method)(*given, [claim])]


@pytest.mark.slow
@pytest.mark.parametrize(
    "edition_id", [pytest.param(EARLIER_EDITION, marks=pytest.mark.long), CURRENT_EDITION]
)
def test_every_claim_about_an_edition_holds_by_both_methods(edition_id: str) -> None:
    edition = load_edition(edition_id)

    sheet = prove(edition, load_dossier(), expectations(edition_id), methods=METHODS)

    assert [one.claim.id for one in sheet.proved] == list(claims_about(edition))
    assert all(len(one.results) == len(METHODS) for one in sheet.proved)
    assert not sheet.violations


@pytest.mark.slow
def test_a_stop_weakened_to_a_review_is_found_with_a_case() -> None:
    edition = altered("ketamine-stop-vascular", effect=Effect.REVIEW)

    for one in found(edition, ClaimId.EXPECTED_HOLDS):
        outcome = decided(edition, one.answers)
        assert not outcome.options[OptionId.KETAMINE].stops


def test_a_dropped_emergency_is_found_with_a_case() -> None:
    edition = dropped("urgent-mania")

    for one in found(edition, ClaimId.ACT_FIRST):
        assert one.answers is not None
        assert one.answers["mania_now"] == "yes"
        assert not decided(edition, one.answers).urgent


def test_a_threshold_moved_up_is_found_with_a_case() -> None:
    higher = parse_condition({"at_least": {"bp_systolic": 200}})
    edition = altered("urgent-blood-pressure", when=higher)

    for one in found(edition, ClaimId.ACT_FIRST):
        assert not decided(edition, one.answers).urgent


@pytest.mark.slow
def test_a_hazard_that_makes_safer_is_found_with_two_cases() -> None:
    only_stable = parse_condition({"is": {"heart": "stable"}})
    edition = with_rules(
        lambda rule: (
            rule.model_copy(update={"when": only_stable})
            if rule.id in {"ketamine-stop-heart", "tms-review-heart"}
            else rule
        )
    )

    for one in found(edition, ClaimId.WORSE_NEVER_SAFER):
        before, after = decided(edition, one.answers), decided(edition, one.beside)
        verdicts = [
            [each.options[option].verdict for option in OptionId] for each in (before, after)
        ]
        assert verdicts[0] != verdicts[1]


@pytest.mark.slow
def test_a_rule_that_another_answer_ends_is_found_with_two_cases() -> None:
    """It waits for `item9_asked_again` and ends when that is no longer asked."""
    condition = parse_condition({"unanswered": "item9_asked_again"})
    edition = altered("review-diagnosis", when=condition)

    for one in found(edition, ClaimId.LEARNING_KEEPS):
        before, after = decided(edition, one.answers), decided(edition, one.beside)
        reviews = [
            {finding.rule for finding in each.options[OptionId.KETAMINE].reviews}
            for each in (before, after)
        ]
        assert "review-diagnosis" in reviews[0] - reviews[1]


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", ["tms-against-attendance", "both-against-no-reason"])
def test_a_rule_that_reads_an_open_answer_as_no_is_found_with_two_cases(rule_id: str) -> None:
    """As the rule stood in the edition that loading would refuse today."""
    edition = altered(rule_id, when=load_edition(EARLIER_EDITION).rule(rule_id).when)

    for one in found(edition, ClaimId.OPEN_NEVER_NO):
        before, after = decided(edition, one.answers), decided(edition, one.beside)
        bars = [
            {finding.rule for finding in each.options[OptionId.BOTH].bars}
            for each in (before, after)
        ]
        assert rule_id in bars[0] - bars[1]


def test_both_that_leads_while_a_bar_is_open_is_found_by_the_solver() -> None:
    """In an edition that does not hold it back: there the claim is not made, and would be wrong."""
    released = load_edition()
    fields = {name: getattr(released, name) for name in Edition.model_fields}
    world = World(Edition(**{**fields, "open_is_never_no": False}), load_dossier(), expectations())

    broken = [one for one in open_holds_both(world) if world.search.can_be(one.when)]

    assert {rule for one in broken for rule in one.rules} >= {"both-against-not-asked-for"}


@pytest.mark.slow
@pytest.mark.long
def test_both_that_forgets_what_is_open_is_found_by_the_engines_arithmetic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remembering = Prepared._entries_when_unknown

    def forgetful(one: Prepared) -> Iterator[Entry]:
        for option, kind in remembering(one):
            yield option, Kind.PENDING_BARS if kind is Kind.OPEN_BARS else kind

    monkeypatch.setattr(Prepared, "_entries_when_unknown", forgetful)
    edition = altered("note-older", because="Another edition, of which nothing is kept.")
    sheet = prove(edition, load_dossier(), expectations(), methods=(Method.EXHAUSTION,))

    assert ClaimId.OPEN_HOLDS_BOTH in {one.claim.id for one in sheet.violations}


def test_a_dead_rule_and_a_constant_one_are_found() -> None:
    never = parse_condition(
        {"all": [{"below": {"age_years": 18}}, {"at_least": {"age_years": 65}}]}
    )
    ever = parse_condition({"any": [{"unanswered": "liver"}, {"not": {"unanswered": "liver"}}]})

    dead = found(altered("note-older", when=never), ClaimId.NO_DEAD_RULE)
    constant = found(altered("note-older", when=ever), ClaimId.NO_CONSTANT_RULE)

    assert {one.rules for one in (*dead, *constant)} == {("note-older",)}


def test_a_question_that_changes_nothing_is_found() -> None:
    found(dropped("note-integration"), ClaimId.NO_UNUSED_QUESTION)


@pytest.mark.slow
def test_an_option_that_cannot_lead_is_found() -> None:
    always = parse_condition({"always": True})
    edition = altered("ketamine-against-access", when=always)

    found(edition, ClaimId.EVERY_OPTION_LEADS)
    found(edition, ClaimId.EVERY_VERDICT)


@pytest.mark.slow
def test_both_that_nobody_asked_for_is_found_with_a_case() -> None:
    unasked = {"both-against-not-asked-for", "both-against-no-reason", "both-against-unproven"}
    favoured = {"favour": Strength.STRONG}

    def changed(rule: Rule) -> Rule | None:
        if rule.id in unasked:
            return None
        if rule.id == "both-favour-each-worked":
            always = parse_condition({"always": True})
            return rule.model_copy(update={"strength": favoured["favour"], "when": always})
        return rule

    for one in found(with_rules(changed), ClaimId.BOTH_ASKED_FOR):
        assert decided(with_rules(changed), one.answers).leading == (OptionId.BOTH,)


@pytest.mark.slow
def test_both_is_not_said_to_lead_where_only_its_bar_is_missing() -> None:
    """Its sum is never above that of its halves: without the patient's wish it cannot lead."""
    asked_for = checked(dropped("both-against-not-asked-for"), ClaimId.BOTH_ASKED_FOR)

    assert [result.holds for result in asked_for] == [True, True]


@pytest.mark.slow
@pytest.mark.long
def test_a_half_whose_stop_both_forgets_is_found_by_the_engines_arithmetic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The solver reads the header, not the engine: only the second method sees this one."""
    monkeypatch.setattr(prepared_module, "concerned", lambda rule: frozenset(rule.options))
    prepared_module.prepare.cache_clear()

    sheet = prove(load_edition(), load_dossier(), expectations(), methods=(Method.EXHAUSTION,))
    prepared_module.prepare.cache_clear()

    broken = {one.claim.id for one in sheet.violations}
    assert {ClaimId.BOTH_NEVER_SAFER, ClaimId.STOP_DECIDES} <= broken


@pytest.mark.slow
def test_both_favored_by_a_proved_reason_is_found() -> None:
    edition = altered(
        "both-favour-partial", basis=None, strength=Strength.STRONG, evidence=("nikolin-2023",)
    )

    for one in found(edition, ClaimId.EVERY_VERDICT):
        assert "ruled out" in one.what
