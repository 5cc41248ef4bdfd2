"""What a change of evidence would do, recomputed case by case with decide()."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from decisions.cases.edition.moving import fingerprint_of_move, move_case
from decisions.cases.models import Answer, Case
from decisions.replay import kept_reach, stored
from decisions.replay.cases import StoredCase
from decisions.replay.counting import Counting
from decisions.replay.differences import CaseName
from decisions.replay.impact import OptionReach
from decisions.replay.impact_queries import vignettes
from decisions.replay.readings import Readings
from decisions.replay.replay import replay
from decisions.replay.responsible_rules import Side
from decisions.rules.engine.certainty_limits import support_of_position, support_of_source
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers, AnswersRefused
from evidence.domain.entries import EvidenceBase
from evidence.domain.impact import Impact
from evidence.domain.terms import Certainty
from evidence.hooks import impact_of
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, file_for, make_case
from tests.decisions.live_editions import EARLIER, LATER, OTHERWISE, Files
from tests.decisions.random_lines import random_answers
from tests.decisions.replay.replay_cases import random_cases
from tests.decisions.rules.cases import read_vignettes, vignette

pytestmark = pytest.mark.django_db

Live = Callable[[Files], Path]

CHANGES = {
    "guideline withdrawn": load_dossier().with_retracted(frozenset({"lam-2024-canmat"})),
    "all withdrawn": load_dossier().with_retracted(
        frozenset(one.key for one in load_dossier().sources)
    ),
    "every study less certain": load_dossier().changed(
        sources=tuple(
            one.model_copy(update={"certainty": Certainty.VERY_LOW if one.certainty else None})
            for one in load_dossier().sources
        )
    ),
}


def result_of(outcome: Outcome) -> object:
    """What counts as the result: verdicts, bars, the lead and the notices."""
    options = [(one.verdict, one.barred) for one in outcome.options.values()]
    return options, outcome.leading, tuple(one.rule for one in outcome.urgent)


def weights_of(outcome: Outcome) -> object:
    """What each true rule weighs, and by what support."""
    return {
        (one.rule, one.weight, one.support)
        for option in outcome.options.values()
        for group in (option.stops, option.reviews, option.bars, option.favour, option.against)
        for one in (*group, *option.silent, *option.notes, *outcome.urgent, *outcome.notes)
    }


@pytest.mark.parametrize("after", CHANGES.values(), ids=CHANGES.keys())
def test_every_vignette_stands_where_decide_says(after: EvidenceBase) -> None:
    before, edition = load_dossier(), load_edition()
    results, reasons = set(), set()
    for one in read_vignettes():
        answers = Answers.read(edition.questionnaire, one["answers"])
        was, now = decide(edition, answers, before), decide(edition, answers, after)
        if result_of(was) != result_of(now):
            results.add(one["id"])
        elif weights_of(was) != weights_of(now):
            reasons.add(one["id"])

    found = impact_of(before, after)

    assert named(found, result=True) == results
    assert named(found, result=False) == reasons


def named(impact: Impact, *, result: bool) -> set[str]:
    """The vignettes of the groups whose result changes, or of those where it stays."""
    groups = (one for one in impact.groups if one.result is result)
    return {name for one in groups for name in one.vignettes}


def test_rules_are_those_whose_weight_differs() -> None:
    before, after = load_dossier(), CHANGES["all withdrawn"]

    found = impact_of(before, after)

    practical = {rule.id for rule in load_edition().rules if rule.is_practical}
    left = {one.rule for one in found.rules if one.left_without_support}
    assert left
    assert not left & practical
    assert all(one.weight_after == 0 for one in found.rules if one.rule in left)
    assert all(one.support_after == 0 for one in found.rules)


def test_same_evidence_changes_nothing() -> None:
    found = impact_of(load_dossier(), load_dossier())

    assert found.is_computed
    assert found.compared == len(read_vignettes()) == len(list(vignettes(load_edition())))
    assert (found.rules, found.groups) == ((), ())
    assert all(one.before == one.after for one in found.reach)


def test_stored_case_is_counted_and_not_named(therapist: User) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))

    found = impact_of(load_dossier(), CHANGES["all withdrawn"])

    assert found.compared == len(read_vignettes()) + 1
    [group] = [one for one in found.groups if "responder-relapsed" in one.vignettes]
    assert group.count == 1
    assert (found.with_other_results, found.with_other_reasons) == (1, 0)
    assert str(case.pk) not in found.model_dump_json()


@for_each("after", CHANGES.values(), ids=CHANGES.keys())
def test_each_of_many_files_is_counted_where_decide_says(after: EvidenceBase) -> None:
    before, edition, rng = load_dossier(), load_edition(), Random(1)
    counting = Counting(edition, before, after)
    expected = Counter[str]()
    for number in range(60):
        lines = [random_answers(rng) for _ in range(1 + number % 3)]
        kinds = {kind_of(edition, one, before, after) for one in lines}
        kind = next(one for one in ("result", "reasons", "nothing") if one in kinds)
        expected[kind] += 1

        cases = [stored_as(str(number), place, one) for place, one in enumerate(lines)]
        counting.add(str(number), cases)

        got = (counting.with_other_results, counting.with_other_reasons)
        assert got == (expected["result"], expected["reasons"]), number
    assert expected["result"] + expected["reasons"] > 3
    groups = [one for one in counting.groups() if not one.result]
    assert len({one.rules for one in groups}) == len(groups) <= len(counting.rules)
    assert all(len(one.rules) == 1 for one in groups)


def stored_as(case_id: str, place: int, answers: dict[str, Any]) -> StoredCase:
    """The answers of a case as they are now, or as they were in one of its decisions."""
    return StoredCase(CaseName(case_id=case_id, decision=place or None), answers)


def kind_of(
    edition: Edition, raw: dict[str, Any], before: EvidenceBase, after: EvidenceBase
) -> str:
    """What decide() says of a case, asked twice."""
    answers = Answers.read(edition.questionnaire, raw)
    was, now = decide(edition, answers, before), decide(edition, answers, after)
    if result_of(was) != result_of(now):
        return "result"
    return "reasons" if weights_of(was) != weights_of(now) else "nothing"


@for_each("after", CHANGES.values(), ids=CHANGES.keys())
def test_groups_are_those_of_a_replay_that_names_its_cases(after: EvidenceBase) -> None:
    before, edition = load_dossier(), load_edition()
    cases = random_cases(3, count=100)
    found = replay(cases, Side(edition, before), Side(edition, after))
    counting = Counting(edition, before, after)

    for one in cases:
        counting.add(one.name.case_id, [one])

    groups = [one for one in counting.groups() if one.result]
    assert [one.count for one in groups] == [
        len({name.case_id for changed in one.changes for name in changed.cases})
        for one in found.groups
    ]
    sentences = {rule.id: rule.because for rule in edition.rules}
    assert [one.rules for one in groups] == [
        tuple(sentences[rule] for rule in one.responsible.rules) for one in found.groups
    ]
    assert [len(one.what) for one in groups] == [len(one.changes) for one in found.groups]
    assert counting.compared == found.compared.cases == len(cases)


RIGHT: list[tuple[str, object]] = [
    ("comorbidities", []),
    ("comorbidities", ["ptsd"]),
    ("comorbidities", ["ptsd", "ocd"]),
    ("tms_courses", 1),
    ("mania_now", "no"),
]
WRONG: list[tuple[str, object]] = [
    ("comorbidities", "ptsd"),
    ("comorbidities", ["ptsd", "ptsd"]),
    ("comorbidities", [1]),
    ("tms_courses", True),
    ("tms_courses", ["1"]),
    ("mania_now", ["no"]),
]


def test_what_was_read_before_makes_no_other_answer_right() -> None:
    questionnaire = load_edition().questionnaire
    readings = Readings(questionnaire)
    for name, raw in [*RIGHT, *RIGHT]:
        read = Answers.read(questionnaire, {name: raw})
        assert readings.of({name: raw}).values == read.values, (name, raw)

    for name, raw in WRONG:
        with pytest.raises(AnswersRefused):
            readings.of({name: raw})


def store(therapist: User, answers: dict[str, Any]) -> Case:
    """A stored case with these answers."""
    case = make_case(therapist)
    now = timezone.now()
    rows = [
        Answer(
            case=case,
            question=question,
            value=value,
            edition=case.edition,
            assessed_on=now.date(),
            saved_at=now,
            saved_by=therapist,
        )
        for question, value in answers.items()
    ]
    with clinic_of(therapist):
        Answer.objects.bulk_create(rows)
    return case


@pytest.mark.both_databases
def test_stored_cases_of_two_clinics_are_counted_on_pages_of_a_few(
    therapist: User, other_therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "A_PAGE", 7)
    before, after = load_dossier(), CHANGES["all withdrawn"]
    edition, rng = load_edition(), Random(2026)
    expected = Counter[str]()
    for number in range(28):
        raw = random_answers(rng)
        store((therapist, other_therapist)[number % 2], raw)
        expected[kind_of(edition, raw, before, after)] += 1

    found = impact_of(before, after)

    assert found.compared == len(read_vignettes()) + 28
    assert (found.with_other_results, found.with_other_reasons) == (
        expected["result"],
        expected["reasons"],
    )
    assert min(expected["result"], expected["reasons"]) > 0


@pytest.mark.django_db(transaction=True)
def test_pages_are_read_without_compiling_what_reads_them(therapist: User) -> None:
    make_case(therapist, tms_courses=1)
    said = []

    def look(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        result = execute(sql, *more)
        if "JSON_OBJECT_AGG" in sql:
            said.append((jit_now(), connection.in_atomic_block))
        return result

    before = jit_now()
    with connection.execute_wrapper(look):
        (one,) = stored.stored_cases(load_edition().id)

    assert one.answers == {"tms_courses": 1}
    assert (said, jit_now()) == ([("off", True)], before)
    assert before == "on"


def jit_now() -> str:
    with connection.connection.cursor() as cursor:
        return str(cursor.execute("SHOW jit").fetchone()[0])


@pytest.mark.parametrize("after", CHANGES.values(), ids=CHANGES.keys())
def test_causes_are_the_sources_and_positions_whose_support_differs(after: EvidenceBase) -> None:
    before, rules = load_dossier(), {rule.id: rule for rule in load_edition().rules}

    found = impact_of(before, after)

    assert found.rules
    for one in found.rules:
        rule = rules[one.rule]
        differing = {
            *(
                ("source", key)
                for key in rule.evidence
                if support_of_source(before, key) != support_of_source(after, key)
            ),
            *(
                ("position", key)
                for key in rule.positions
                if support_of_position(before, key) != support_of_position(after, key)
            ),
        }
        assert {(cause.entry.value, cause.key) for cause in one.causes} == differing
        assert differing
        assert all(cause.label for cause in one.causes)


def test_impact_names_the_edition_it_was_computed_with() -> None:
    found = impact_of(load_dossier(), CHANGES["all withdrawn"])

    assert (found.edition, found.edition_sha256) == (load_edition().id, load_edition().sha256)


def test_weights_are_words() -> None:
    found = impact_of(load_dossier(), CHANGES["all withdrawn"])

    for one in found.rules:
        assert one.supports[1] == "none"
        assert {*one.weights, *one.supports} <= {"none", "weak", "moderate", "strong"}
        assert (one.weights[0] == "none") == (one.weight_before == 0)


def test_every_live_edition_is_looked_at_and_named(live: Live, therapist: User) -> None:
    live(OTHERWISE)
    _, late = (make_case(therapist, **vignette("responder-relapsed")) for _ in range(2))
    fingerprint = fingerprint_of_move(file_for(late, therapist), load_edition(LATER))
    with clinic_of(therapist):
        move_case(case=late, actor=therapist, to=LATER, fingerprint=fingerprint)

    found = impact_of(load_dossier(), CHANGES["all withdrawn"])

    by_edition = {
        edition: sum(one.count for one in found.groups if one.edition == edition and one.result)
        for edition in (EARLIER, LATER)
    }
    assert by_edition == {EARLIER: 1, LATER: 1}
    assert {one.editions for one in found.rules} >= {(EARLIER, LATER)}
    assert len({one.model_copy(update={"editions": ()}) for one in found.rules}) == len(found.rules)


@pytest.mark.both_databases
def test_reach_is_searched_for_once_and_kept_only_as_it_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edition, evidence = load_edition(), load_dossier()
    found = kept_reach.reach_under(edition, evidence)
    searched = []

    def search(*sides: object) -> OptionReach:
        searched.append(sides)
        return found

    monkeypatch.setattr(kept_reach, "search_reach", search)
    assert kept_reach.reach_under(edition, evidence) == found
    assert not searched

    (key,) = (one.removeprefix(":1:") for one in keys_of_cache("reach:"))
    for altered in (cache.get(key).replace("favoured", "reasonable"), "no JSON"):
        cache.set(key, altered)
        assert kept_reach.reach_under(edition, evidence) == found
    assert len(searched) == 2
    kept_reach.reach_under(edition, CHANGES["all withdrawn"])
    assert len(searched) == 3
    assert len(keys_of_cache("reach:")) == 2


def keys_of_cache(start: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        return [key for (key,) in cursor.fetchall() if start in key]
