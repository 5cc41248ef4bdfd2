"""manage.py prove: what it prints, what it writes, and with which status it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from decisions.cases.management.commands import prove as command
from decisions.rules import loading
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.proof import reports
from decisions.rules.proof.claims import claims_about
from decisions.rules.proof.report import ProofReport
from evidence.loading import load_dossier
from tests.decisions.rules.cases import EARLIER_EDITION
from tests.decisions.rules.proof.proved_once import prove_once
from tests.rounds import ROUNDS

IN_THE_GATE = () if ROUNDS > 1 else ("--method", "solver")
"""By both methods tests/decisions/rules/proof/test_proving.py proves the edition in force."""


def prove(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prove", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edition", "claims"),
    [pytest.param(EARLIER_EDITION, 18, marks=pytest.mark.long), (CURRENT_EDITION, 20)],
)
def test_every_claim_has_a_line_and_holds_and_the_sheet_is_written(
    edition: str, claims: int, tmp_path: Path
) -> None:
    as_json, as_html = tmp_path / "sheet.json", tmp_path / "sheet.html"

    files = ("--json", str(as_json), "--html", str(as_html))
    lines = prove(edition, *IN_THE_GATE, *files).splitlines()

    claimed = claims_about(load_edition(edition))
    assert [line.split()[1].rstrip(":") for line in lines[:-1]] == list(claimed)
    assert all(line.startswith("holds ") for line in lines[:-1])
    assert f"{claims} of {claims} claims hold" in lines[-1]
    sheet = ProofReport.model_validate_json(as_json.read_text())
    assert sheet.proved_on is not None
    assert sheet.edition_sha256 in as_html.read_text()


def test_folder_that_is_not_there_is_named_before_the_proof(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no" / "sheet.json")

    with pytest.raises(CommandError, match="cannot be written: there is no folder") as refused:
        prove(CURRENT_EDITION, "--method", "exhaustion", "--json", nowhere)

    assert refused.value.returncode == 2


@pytest.mark.slow
def test_a_violation_ends_with_status_1_and_what_cannot_be_written_with_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without any evidence some option can no longer lead, and the sheet says so."""
    monkeypatch.setattr(command, "prove", prove_once)
    keys = [source.key for source in load_dossier().sources]
    arguments = ["--method", "exhaustion", *(word for key in keys for word in ("--retract", key))]

    with pytest.raises(CommandError, match="not every claim holds") as violated:
        prove(CURRENT_EDITION, *arguments)
    assert violated.value.returncode == 1

    with pytest.raises(CommandError, match="cannot be written: Is a directory") as refused:
        prove(CURRENT_EDITION, *arguments, "--json", str(tmp_path))
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["1999.9"], "there is no edition 1999.9"),
        ([CURRENT_EDITION, "--against", "1999.9"], "there is no edition 1999.9"),
        ([CURRENT_EDITION, "--retract", "nobody-1999"], "no source has this key"),
    ],
)
def test_a_wrong_call_ends_with_status_2(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says) as refused:
        prove(*arguments)

    assert refused.value.returncode == 2


@pytest.mark.slow
@pytest.mark.long
def test_difference_prints_cases_that_decide_reads() -> None:
    withdrawn = ("--retract", "philip-2016", "--retract", "kelly-2017")
    out = prove(CURRENT_EDITION, "--against", CURRENT_EDITION, *withdrawn)

    lines = [line for line in out.splitlines() if line.startswith("{")]
    assert out.splitlines()[-1].endswith("kinds of case are decided differently")
    assert all(set(json.loads(line)) == {"id", "answers"} for line in lines)


def test_a_missing_sheet_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(loading, "EDITIONS", tmp_path)

    with pytest.raises(reports.ReportMissing, match=r"manage\.py prove .* --write"):
        reports.load_sheet(CURRENT_EDITION)
