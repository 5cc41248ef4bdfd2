"""manage.py replay: who would be told something else, in every clinic; and nothing changes."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.actions import record_decision
from decisions.cases.edition.moving import fingerprint_of_move, move_case
from decisions.cases.models import Case, Decision
from decisions.replay.queries import editions_in_use, evidence_named
from decisions.replay.stored import stored_cases
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from evidence.curation.release_actions import load_evidence
from evidence.loading import load_dossier
from evidence.models import Release
from kapnet.core.audit.models import Event, Link
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, clinic_of, file_for, make_case
from tests.decisions.live_editions import EARLIER, LATER, OLD_VALUE, OTHER, OTHERWISE, Files
from tests.decisions.rules.cases import vignette
from tests.evidence.evidence_factories import withdraw

pytestmark = pytest.mark.django_db

Live = Callable[[Files], Path]

NO_SOURCE_LEFT = [
    argument for source in load_dossier().sources for argument in ("--retract", source.key)
]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: str) -> dict[str, Any]:
    return dict(json.loads(run(*arguments, "--json")))


def refused(*arguments: str) -> str:
    """What a wrong call is told."""
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 2
    assert not Event.objects.filter(action="cases.replayed").exists()
    return str(error.value)


def decided(case: Case, user: User) -> Decision:
    with clinic_of(user):
        return record_decision(
            case=case,
            actor=user,
            chosen="none_now",
            reasoning="Because.",
            fingerprint=file_for(case, user).fingerprint,
        )


def relapsed(user: User) -> Case:
    return make_case(user, name="Secretname", **vignette("responder-relapsed"))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A draft of an edition: the current one without a way to TMS for people over 40."""
    folder = tmp_path / "draft"
    shutil.copytree(EDITIONS / CURRENT_EDITION, folder)
    for file in folder.glob("*.yaml"):
        text = file.read_text().replace(f'edition: "{CURRENT_EDITION}"', 'edition: "draft"')
        file.write_text(text)
    with (folder / "rules.yaml").open("a") as rules:
        rules.write(
            "\n- {id: made-up-stop, effect: stop, options: [repeat_tms], "
            "when: {at_least: {age_years: 40}}, because: Made up., evidence: []}\n"
        )
    return folder


def everything_stored() -> dict[str, list[Any]]:
    """Every row of every table but the audit's two."""
    with connection.cursor() as cursor:
        audit = {Event._meta.db_table, Link._meta.db_table}
        tables = set(connection.introspection.table_names(cursor)) - audit
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


@pytest.mark.both_databases
def test_cases_and_decisions_of_all_clinics_are_compared(
    therapist: User, other_therapist: User, draft: Path
) -> None:
    mine, theirs = relapsed(therapist), relapsed(other_therapist)
    decided(mine, therapist)
    make_case(therapist, **vignette("responder-relapsed") | {"age_years": 39})

    [found] = run_json("--edition", str(draft))["replays"]

    assert found["compared"] == {"cases": 3, "decisions": 1}
    assert found["changed"] == {"cases": 2, "decisions": 1}
    assert found["recorded_otherwise"] == 0
    [group] = found["groups"]
    assert group["responsible"] == {"how": "alone", "rules": ["made-up-stop"]}
    assert group["counted"] == {"cases": 2, "decisions": 1}
    [change] = [one for one in group["changes"] if one["change"]["aspect"] == "leading"]
    assert change["change"]["before"] == "repeat_tms"
    assert {(name["case_id"], name["decision"]) for name in change["cases"]} == {
        (str(mine.pk), None),
        (str(theirs.pk), None),
        (str(mine.pk), 1),
    }


def test_nothing_stored_is_changed_but_one_audit_event_added(therapist: User, draft: Path) -> None:
    decided(relapsed(therapist), therapist)
    stored, events = everything_stored(), set(Event.objects.values_list("pk", flat=True))

    run("--edition", str(draft), "--retract", "spravato-label")

    assert everything_stored() == stored
    [event] = Event.objects.exclude(pk__in=events)
    assert (event.action, event.object_id) == ("cases.replayed", "draft")


def test_text_names_rules_and_cases_and_no_patient(therapist: User, draft: Path) -> None:
    case = relapsed(therapist)
    decided(case, therapist)

    text = run("--edition", str(draft))

    assert "compared: 1 case, 1 recorded decision" in text
    assert "made-up-stop (added): 1 case, 1 recorded decision" in text
    assert f"  repeat_tms: favoured -> not_suitable: 2: {case.pk}, {case.pk} (decision 1)" in text
    assert "Secretname" not in text


def test_retracted_sources_are_put_down_to_the_rules_that_rest_on_them(therapist: User) -> None:
    relapsed(therapist)

    [found] = run_json(*NO_SOURCE_LEFT)["replays"]

    assert found["before"]["retracted"] == sorted(load_dossier().retracted)
    assert len(found["after"]["retracted"]) == len(load_dossier().sources)
    weights = {one["rule"]: one for one in found["rules"]}
    assert found["groups"]
    for group in found["groups"]:
        for rule in group["responsible"]["rules"]:
            assert weights[rule]["weight_after"] < weights[rule]["weight_before"]


@pytest.mark.both_databases
def test_present_answers_count_and_cleared_ones_do_not(therapist: User) -> None:
    case = make_case(therapist, tms_courses=2, heart="stable", escort="yes")
    answer(case, therapist, "heart", None)
    answer(case, therapist, "tms_courses", 3)

    [stored] = stored_cases(CURRENT_EDITION)

    assert stored.answers == {"tms_courses": 3, "escort": "yes"}


def test_a_case_without_answers_is_compared(therapist: User) -> None:
    make_case(therapist)

    [found] = run_json(*NO_SOURCE_LEFT)["replays"]

    assert found["compared"] == {"cases": 1, "decisions": 0}


def test_decisions_are_compared_as_recorded_and_not_as_answered_since(
    therapist: User, draft: Path
) -> None:
    case = make_case(therapist, **vignette("responder-relapsed"))
    decided(case, therapist)
    answer(case, therapist, "age_years", 39)

    [found] = run_json("--edition", str(draft))["replays"]

    assert found["changed"] == {"cases": 0, "decisions": 1}


def test_decisions_that_said_something_else_when_recorded_are_counted(therapist: User) -> None:
    decision = decided(relapsed(therapist), therapist)
    outcome = decision.outcome | {"leading": ["ketamine"]}
    fields = {name: getattr(decision, name) for name in copied_fields()}
    with scopes_disabled():
        Decision.objects.create(**fields, number=2, outcome=outcome, recorded_at=timezone.now())

    [found] = run_json("--retract", "spravato-label")["replays"]

    assert found["compared"]["decisions"] == 2
    assert found["recorded_otherwise"] == 1


def copied_fields() -> list[str]:
    own = {"id", "number", "outcome", "recorded_at"}
    return [field.name for field in Decision._meta.fields if field.name not in own]


@pytest.mark.both_databases
def test_reading_takes_a_few_queries(therapist: User, django_assert_max_num_queries: Any) -> None:
    for courses in range(4):
        decided(make_case(therapist, tms_courses=courses), therapist)

    with django_assert_max_num_queries(6):  # two of them say how PostgreSQL shall read
        names = [one.name for one in stored_cases(CURRENT_EDITION)]

    assert len(names) == 8


def test_cases_of_an_edition_that_is_not_here_are_named(therapist: User) -> None:
    case = make_case(therapist)
    with scopes_disabled():
        Case.objects.filter(pk=case.pk).update(edition="1999.1")

    assert run_json("--retract", "spravato-label") == {
        "editions_not_here": ["1999.1"],
        "replays": [],
    }
    text = run("--retract", "spravato-label")
    assert "edition 1999.1, which is not here" in text
    assert "No case to compare." in text


def test_no_cases_at_all() -> None:
    assert editions_in_use() == []
    assert run("--retract", "spravato-label").strip() == "No case to compare."


# ---------------------------------------------------------------- calls that are wrong


def test_nothing_to_compare_with_is_refused() -> None:
    assert "give --edition, --evidence or --retract" in refused()


def test_unknown_edition_is_refused_and_told_which_there_are(tmp_path: Path) -> None:
    assert "name one of 2026.1, 2026.2" in refused("--edition", "2050.9")
    assert "questionnaire.yaml" in refused("--edition", str(tmp_path))


def test_unknown_source_is_refused() -> None:
    assert "no-such-key" in refused("--retract", "spravato-label", "--retract", "no-such-key")


def test_unknown_release_is_refused_and_told_which_there_are() -> None:
    assert load_dossier().release in refused("--evidence", str(uuid4()))


def test_every_release_can_be_named() -> None:
    load_evidence(evidence=load_dossier())
    for key in ("spravato-label", "lam-2024-canmat"):
        withdraw(key)
    newest, earlier, first = Release.objects.values_list("name", flat=True)

    own = load_dossier().retracted
    assert evidence_named(newest).retracted == own | {"spravato-label", "lam-2024-canmat"}
    assert evidence_named(earlier).retracted == own | {"spravato-label"}
    assert evidence_named(first) == load_dossier()


@pytest.mark.usefixtures("no_evidence")
def test_release_of_which_only_the_name_is_kept_is_refused() -> None:
    Release.objects.create(
        number=1,
        name="2020-01",
        sha256="0" * 64,
        source_count=0,
        position_count=0,
        caution_count=0,
        claim_count=0,
    )

    assert "only name and hash are kept" in refused("--evidence", "2020-01")


def test_the_newest_release_can_be_named(therapist: User) -> None:
    make_case(therapist)
    load_evidence(evidence=load_dossier())

    [found] = run_json("--evidence", Release.objects.get().name)["replays"]

    assert found["before"] == found["after"]
    assert found["compared"]["cases"] == 1


@pytest.mark.both_databases
def test_each_case_and_decision_is_compared_under_its_own_of_two_live_editions(
    live: Live, therapist: User
) -> None:
    live(OTHERWISE)
    stayed, moved = relapsed(therapist), relapsed(therapist)
    answer(moved, therapist, OTHER, OLD_VALUE)
    decided(moved, therapist)
    move(moved, therapist)
    decided(moved, therapist)

    early, late = run_json("--retract", "philip-2016")["replays"]

    assert [one["before"]["edition"] for one in (early, late)] == [EARLIER, LATER]
    assert early["compared"] == {"cases": 1, "decisions": 1}
    assert late["compared"] == {"cases": 1, "decisions": 1}
    assert [one["not_compared"] for one in (early, late)] == [[], []]
    assert {case.name.case_id for case in stored_cases(EARLIER) if case.recorded is None} == {
        str(stayed.pk)
    }


def test_answers_that_a_moved_case_keeps_and_that_count_for_nothing_are_not_replayed(
    live: Live, therapist: User
) -> None:
    live(OTHERWISE)
    case = relapsed(therapist)
    answer(case, therapist, OTHER, OLD_VALUE)
    move(case, therapist)

    [stored] = stored_cases(LATER)

    assert OTHER not in stored.answers
    assert stored.answers == file_for(case, therapist).raw_answers


def move(case: Case, therapist: User) -> None:
    fingerprint = fingerprint_of_move(file_for(case, therapist), load_edition(LATER))
    with clinic_of(therapist):
        assert move_case(case=case, actor=therapist, to=LATER, fingerprint=fingerprint)
