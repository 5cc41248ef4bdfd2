"""manage.py decide: streams in order, keeps going after a bad line, says so at the end."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.decisions.rules.cases import base_with, vignette

ROOT = Path(__file__).parents[5]
GOOD = json.dumps({"id": "good", "answers": base_with()})
BAD = json.dumps({"id": "bad", "answers": {"age_years": -1}})


def decide(tmp_path: Path, text: str, *arguments: str) -> tuple[list[Any], int]:
    """The result lines and the exit status."""
    file = tmp_path / "cases.jsonl"
    file.write_text(text)
    out = io.StringIO()
    status = 0
    try:
        call_command("decide", str(file), *arguments, stdout=out)
    except CommandError as error:
        status = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], status


@pytest.mark.django_db
def test_one_case(tmp_path: Path) -> None:
    results, status = decide(tmp_path, GOOD)

    assert status == 0
    assert [one["id"] for one in results] == ["good"]
    assert results[0]["leading"] == ["repeat_tms"]


@pytest.mark.django_db
def test_lines_are_answered_in_order_and_a_bad_one_ends_with_status_1(tmp_path: Path) -> None:
    results, status = decide(tmp_path, f"{GOOD}\n\n{BAD}\n  \nnonsense\n{GOOD}\n")

    assert status == 1
    assert [one["id"] for one in results] == ["good", "bad", None, "good"]
    assert [one.get("line") for one in results] == [None, 3, 5, None]
    assert [error["question"] for error in results[1]["errors"]] == ["age_years"]
    assert "at character 1; one object a line" in results[2]["errors"][0]["problem"]


@pytest.mark.django_db
def test_nothing_in_gives_nothing_out(tmp_path: Path) -> None:
    assert decide(tmp_path, "\n\n") == ([], 0)


@pytest.mark.django_db
def test_retract_weighs_as_if_the_source_were_retracted(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "answers": base_with(ketamine_history="responded")})

    results, _ = decide(tmp_path, line, "--retract", "sustain3-reinduction-2023")

    assert results[0]["options"]["ketamine"]["silent"] == ["ketamine-favour-worked-before"]


@pytest.mark.django_db
def test_retract_changes_the_evidence_hash(tmp_path: Path) -> None:
    plain, _ = decide(tmp_path, GOOD)
    retracted, _ = decide(tmp_path, GOOD, "--retract", "philip-2016", "--retract", "kelly-2017")

    assert plain[0]["evidence_sha256"] != retracted[0]["evidence_sha256"]


@pytest.mark.django_db
def test_retract_of_an_unknown_key_ends_with_status_2_before_any_line(tmp_path: Path) -> None:
    assert decide(tmp_path, GOOD, "--retract", "nobody-1999") == ([], 2)


@pytest.mark.django_db
def test_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as error:
        call_command("decide", str(tmp_path / "missing"))

    assert error.value.returncode == 2


@pytest.mark.django_db
def test_explain_says_what_holds_both_back_as_long_as_it_is_open(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    answers = {**vignette("open-preference"), "preference": None}
    file.write_text(json.dumps({"answers": answers}))
    out = io.StringIO()

    call_command("decide", str(file), "--explain", stdout=out)

    lines = [line for line in out.getvalue().splitlines() if "both-against-not-asked-for" in line]
    assert [line.strip()[:20] for line in lines] == ["held back while open"]
    assert "not asked yet or not known: preference" in lines[0]


@pytest.mark.django_db
def test_explain_reads_as_text(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{GOOD}\n{BAD}\n")
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("decide", str(file), "--explain", stdout=out)

    assert "REPEAT_TMS: Favored by these answers [favoured], leads" in out.getvalue()
    assert "TMS worked before and held" in out.getvalue()
    assert "age_years: must be a whole number from 0 to 120" in out.getvalue()


@pytest.mark.long
@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    few, many = (_peak_mb(tmp_path, lines) for lines in (200, 6_000))

    assert many < few * 1.15


MEASURED = """
import atexit, runpy, sys
from script.measure.peak import peak_mb
atexit.register(lambda: print(peak_mb(), file=sys.stderr))
sys.argv = ["manage.py", "decide", "-"]
runpy.run_path("manage.py", run_name="__main__")
"""


def _peak_mb(tmp_path: Path, lines: int) -> float:
    """Peak memory of a process that decides this many cases from standard input."""
    file = tmp_path / f"{lines}.jsonl"
    file.write_text(f"{GOOD}\n" * lines)
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
    }
    with file.open("rb") as stdin:
        process = subprocess.Popen(
            [sys.executable, "-c", MEASURED],
            cwd=ROOT,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        count = sum(1 for _ in process.stdout)
        said = process.stderr.read().splitlines()
    assert (count, process.wait()) == (lines, 0)
    return float(said[-1])
