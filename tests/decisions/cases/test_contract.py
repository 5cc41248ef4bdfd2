"""The JSON Lines contract: what a line may hold, what comes back, and what is refused."""

import json
from typing import Any

import pytest

from decisions.cases.json_lines import LineRefused, read_line, write_outcome, write_refusal
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.changes import what_would_change
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import base_with, decide_raw

QUESTIONNAIRE = load_edition().questionnaire


def refusal(line: str | bytes) -> dict[str, Any]:
    with pytest.raises(LineRefused) as refused:
        read_line(QUESTIONNAIRE, line.encode() if isinstance(line, str) else line)
    result: dict[str, Any] = json.loads(write_refusal(refused.value, 7))
    return result


def written(raw: dict[str, Any], line_id: object = "a", *, with_changes: bool = False) -> str:
    given = load_edition(), Answers.read(QUESTIONNAIRE, raw), load_dossier()
    changes = what_would_change(*given) if with_changes else None
    return write_outcome(line_id, decide_raw(raw), robustness_of(*given), changes)


def test_result_has_every_key_of_the_contract() -> None:
    result = json.loads(written(base_with()))

    assert list(result) == [
        "id",
        "edition",
        "edition_sha256",
        "evidence_release",
        "evidence_sha256",
        "urgent",
        "notes",
        "leading",
        "close",
        "by_preference",
        "settled",
        "settled_on",
        "depends_on",
        "options",
    ]
    assert list(result["options"]) == ["ketamine", "repeat_tms", "both"]
    assert list(result["options"]["both"]) == [
        "verdict",
        "barred",
        "stops",
        "reviews",
        "for",
        "against",
        "silent",
        "pending",
        "notes",
    ]


def test_settled_names_what_nothing_can_change() -> None:
    result = json.loads(written({"mania_now": "yes"}))

    assert (result["settled"], result["settled_on"], result["depends_on"]) == (True, [], [])


def test_depends_on_names_the_questions_that_can_change_who_leads() -> None:
    result = json.loads(written(base_with(speed_needed=None)))

    assert result["settled"] is False
    assert result["settled_on"] == []
    assert result["depends_on"] == ["speed_needed"]


def test_changes_are_written_only_where_asked_for() -> None:
    answers = base_with(bp_systolic=150)
    changes = json.loads(written(answers, with_changes=True))["changes"]

    assert "changes" not in json.loads(written(answers))
    assert list(changes) == ["ketamine", "repeat_tms", "both"]
    assert changes["ketamine"][0] == {
        "set": [{"question": "bp_systolic", "to": 140}],
        "verdict": "reasonable",
        "gained": [],
        "lost": ["ketamine-review-blood-pressure"],
    }


@pytest.mark.slow
@for_each("line_id", ["a", 7, None, ["x"], {"deep": 1}, "\ud800", 1.5, True])
def test_id_comes_back_as_it_was(line_id: object) -> None:
    case = read_line(QUESTIONNAIRE, json.dumps({"id": line_id, "answers": {}}).encode())

    assert json.loads(written({}, case.id))["id"] == line_id


def test_id_may_be_missing() -> None:
    assert read_line(QUESTIONNAIRE, b'{"answers": {}}').id is None


def test_byte_order_mark_is_no_error() -> None:
    assert read_line(QUESTIONNAIRE, b'\xef\xbb\xbf{"id": 1, "answers": {}}').id == 1


@for_each(
    "line",
    [
        "",
        "nonsense",
        "[]",
        '"text"',
        "null",
        "7",
        '{"id": 1, "answers": {}',
        '{"id": 1, "answers": {"age_years": NaN}}',
        '{"id": 1e400, "answers": {}}',
        '{"id": 1, "answers": {}} trailing',
        b'{"id": "\xff", "answers": {}}',
        "[" * 100_000,
        '{"answers": {"age_years": ' + "1" * 5000 + "}}",
    ],
)
def test_line_that_is_no_object_is_refused_without_an_id(line: str | bytes) -> None:
    result = refusal(line)

    assert result["id"] is None
    assert [one["question"] for one in result["errors"]] == [None]
    assert result["errors"][0]["problem"]


@for_each(
    ("line", "questions"),
    [
        ('{"id": 1}', [None]),
        ('{"id": 1, "answers": null}', [None]),
        ('{"id": 1, "answers": []}', [None]),
        ('{"id": 1, "answers": {}, "edition": "2026.1"}', [None]),
        ('{"id": 1, "answers": {}, "answers": {}}', [None]),
        ('{"id": 1, "answers": {"nonsense": 1}}', ["nonsense"]),
        ('{"id": 1, "answers": {"phq9_total": 9}}', ["phq9_total"]),
        ('{"id": 1, "answers": {"heart": "none", "heart": "none"}}', ["heart"]),
        ('{"id": 1, "answers": {"phq9": {"total": 3, "total": 3}}}', ["phq9"]),
        ('{"id": 1, "answers": {"age_years": 42.0}}', ["age_years"]),
        ('{"id": 1, "answers": {"age_years": true}}', ["age_years"]),
        ('{"id": 1, "answers": {"age_years": "42"}}', ["age_years"]),
        ('{"id": 1, "answers": {"age_years": "unknown"}}', ["age_years"]),
        ('{"id": 1, "answers": {"tms_courses": "unknown"}}', ["tms_courses"]),
        ('{"id": 1, "answers": {"phq9": "left_to_prescriber"}}', ["phq9"]),
        ('{"id": 1, "answers": {"heart": "left_to_tms_provider"}}', ["heart"]),
        ('{"id": 1, "answers": {"medicines": "opioid"}}', ["medicines"]),
        ('{"id": 1, "answers": {"medicines": ["opioid", "opioid"]}}', ["medicines"]),
        ('{"id": 1, "answers": {"medicines": ["unknown"]}}', ["medicines"]),
        ('{"id": 1, "answers": {"mania_now": false}}', ["mania_now"]),
        ('{"id": 1, "answers": {"phq9": {}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"items": [0, 0, 0]}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"items": [0,0,0,0,0,0,0,0,4]}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"items": [0,0,0,0,0,0,0,0,true]}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"items": [0,0,0,0,0,0,0,0,0], "total": 0}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"total": 28}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"total": 27, "item9": 0}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"item9": 0}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"total": 9, "item9": null}}}', ["phq9"]),
        ('{"id": 1, "answers": {"phq9": {"total": null}}}', ["phq9"]),
        ('{"id": 1, "answers": {"gad7": {"total": 9, "item9": 0}}}', ["gad7"]),
        ('{"id": 1, "answers": {"gad7": {"items": [0,0,0,0,0,0,0,0,0]}}}', ["gad7"]),
        ('{"id": 1, "answers": {"tms_courses": 0, "tms_now": "maybe"}}', ["tms_now"]),
        ('{"id": 1, "answers": {"x": 1, "age_years": -1}, "y": 2}', [None, "x", "age_years"]),
    ],
)
def test_bad_line_names_everything_that_is_wrong(line: str, questions: list[str | None]) -> None:
    result = refusal(line)

    assert result["id"] == 1
    assert [one["question"] for one in result["errors"]] == questions
    assert all(one["problem"] for one in result["errors"])


def test_answer_to_a_question_not_asked_is_kept_and_ignored() -> None:
    stale = base_with(tms_courses=0, tms_seizure="yes", tms_now="yes")

    assert decide_raw(stale).urgent == ()
