"""Editions: ours loads whole; each kind of fault is refused with file, place and fix."""

import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from decisions.cases.checks import check_editions
from decisions.rules.engine.edition import Fault
from decisions.rules.loading import (
    CURRENT_EDITION,
    EDITIONS,
    EditionRefused,
    load_edition,
    read_edition,
)
from evidence.loading import load_dossier
from tests.yaml_files import read_yaml, write_yaml

Change = Callable[[dict[str, Any]], object]


def question(questionnaire: dict[str, Any], question_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        one
        for section in questionnaire["sections"]
        for one in section["questions"]
        if one["id"] == question_id
    ]
    return found[0]


def rule(rules: dict[str, Any], rule_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in rules["rules"] if one["id"] == rule_id]
    return found[0]


def refused(tmp_path: Path, file: str, change: Change) -> EditionRefused:
    folder = tmp_path / "edition"
    copytree(EDITIONS / CURRENT_EDITION, folder)
    raw = read_yaml(folder / file)
    change(raw)
    write_yaml(folder / file, raw)
    with pytest.raises(EditionRefused) as caught:
        read_edition(folder, load_dossier())
    return caught.value


def test_our_edition_is_whole() -> None:
    edition = load_edition()

    assert [one.id for one in edition.instruments] == ["phq9", "gad7"]
    assert list(check_editions(None)) == []


def test_edition_that_decisions_were_recorded_under_stays_as_it_was() -> None:
    released = "c42d9adc929c4b2ce863ac4385b758bbee28067d2b581c2a8e4bb077d3eda65b"

    assert load_edition("2026.1").sha256 == released


def test_hash_is_the_same_in_every_process() -> None:
    program = "from decisions.rules.loading import load_edition; print(load_edition().sha256)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == load_edition().sha256


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "change", "fault", "where", "what"),
    [
        ("rules.yaml", lambda r: r.update(extra=1), Fault.UNREADABLE, "the file", "extra"),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(sometimes=1),
            Fault.UNREADABLE,
            "rule stop-mania",
            "sometimes",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").pop("when"),
            Fault.UNREADABLE,
            "rule stop-mania",
            "when",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").pop("options"),
            Fault.UNREADABLE,
            "rule stop-mania",
            "name the options",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(options=["ect"]),
            Fault.UNREADABLE,
            "rule stop-mania",
            "options",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(strength="weak"),
            Fault.UNREADABLE,
            "rule stop-mania",
            "strength",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(effect="forbid"),
            Fault.UNREADABLE,
            "rule stop-mania",
            "effect",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(bars=True),
            Fault.UNREADABLE,
            "rule stop-mania",
            "bars",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "ketamine-favour-worked-before").pop("evidence"),
            Fault.UNREADABLE,
            "rule ketamine-favour-worked-before",
            "basis: practical",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(when={"is": {"mania": "yes"}}),
            Fault.UNKNOWN_QUESTION,
            "rule stop-mania",
            "mania",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(when={"is": {"mania_now": "maybe"}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule stop-mania",
            "maybe",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(when={"is": {"mania_now": True}}),
            Fault.UNREADABLE,
            "rule stop-mania",
            "quote",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(when={"includes": {"mania_now": "yes"}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule stop-mania",
            "includes",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania").update(when={"at_least": {"mania_now": 1}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule stop-mania",
            "at_least",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "review-age").update(when={"below": {"age_years": 121}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule review-age",
            "121",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "review-age").update(when={"at_least": {"phq9_total": 28}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule review-age",
            "28",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "review-age").update(when={"at_least": {"phq9": 5}}),
            Fault.IMPOSSIBLE_VALUE,
            "rule review-age",
            "instrument",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "stop-mania")["evidence"].append("nobody-1999"),
            Fault.UNKNOWN_EVIDENCE,
            "rule stop-mania",
            "nobody-1999",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "tms-stop-head-device")["counter"].append("nobody-1999"),
            Fault.UNKNOWN_EVIDENCE,
            "rule tms-stop-head-device",
            "nobody-1999",
        ),
        (
            "rules.yaml",
            lambda r: rule(r, "note-accelerated")["positions"].append("nice-9999"),
            Fault.UNKNOWN_EVIDENCE,
            "rule note-accelerated",
            "nice-9999",
        ),
        (
            "rules.yaml",
            lambda r: r["rules"].append(deepcopy(rule(r, "stop-mania"))),
            Fault.DUPLICATE_RULE,
            "rule stop-mania",
            "twice",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "heart").update(sometimes=1),
            Fault.UNREADABLE,
            "section ketamine_safety",
            "question heart",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "heart").update(id="liver"),
            Fault.UNREADABLE,
            "the file",
            "liver",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "heart")["options"].append({"value": "none", "label": "x"}),
            Fault.UNREADABLE,
            "section ketamine_safety",
            "none occurs twice",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "bp_systolic").pop("max"),
            Fault.UNREADABLE,
            "section ketamine_safety",
            "min and max",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "phq9").update(instrument="madrs"),
            Fault.UNREADABLE,
            "section episode",
            "madrs",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "tms_now").update(ask_when={"at_least": {"tms_count": 1}}),
            Fault.UNKNOWN_QUESTION,
            "ask_when of tms_now",
            "tms_count",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "tms_courses").update(ask_when={"is": {"tms_now": "yes"}}),
            Fault.CIRCULAR,
            "ask_when",
            "tms_courses -> tms_now -> tms_courses",
        ),
        (
            "questionnaire.yaml",
            lambda q: question(q, "tms_now").update(ask_when={"is": {"tms_now": "yes"}}),
            Fault.CIRCULAR,
            "ask_when",
            "tms_now -> tms_now",
        ),
        (
            "instruments.yaml",
            lambda i: i["instruments"][0]["bands"].pop(1),
            Fault.UNREADABLE,
            "instrument phq9",
            "gap",
        ),
        (
            "instruments.yaml",
            lambda i: i["instruments"][0]["items"].pop(1),
            Fault.UNREADABLE,
            "instrument phq9",
            "numbered",
        ),
        (
            "instruments.yaml",
            lambda i: i["instruments"][1].update(range=[0, 27]),
            Fault.UNREADABLE,
            "instrument gad7",
            "add up",
        ),
    ],
)
def test_fault_is_refused_with_file_place_and_mend(
    tmp_path: Path, file: str, change: Change, fault: Fault, where: str, what: str
) -> None:
    problems = refused(tmp_path, file, change).problems

    found = [one for one in problems if one.fault is fault and one.file == file]
    assert found, problems
    assert found[0].where == where
    assert what in f"{found[0].what} {found[0].fix}"
    assert found[0].fix


def test_duplicate_key_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    copytree(EDITIONS / CURRENT_EDITION, folder)
    with (folder / "rules.yaml").open("a") as file:
        file.write("rules: []\n")

    with pytest.raises(EditionRefused, match=r"rules\.yaml"):
        read_edition(folder, load_dossier())


def test_every_fault_is_named_and_not_just_the_first(tmp_path: Path) -> None:
    def change(rules: dict[str, Any]) -> None:
        rule(rules, "stop-mania")["evidence"] = ["nobody-1999"]
        rule(rules, "review-age")["when"] = {"below": {"age": 18}}

    assert len(refused(tmp_path, "rules.yaml", change).problems) == 2
