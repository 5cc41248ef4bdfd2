"""Faults put into the app on purpose, one to three lines each, and the tests that must find them.

    python -m script.measure.planted                 every fault, in a copy of the last commit
    python -m script.measure.planted desk settled    those whose names hold one of these words
    python -m script.measure.planted --in FOLDER     in another copy, which is left as it was

Prints a line a fault; the exit status is 1 when one is not found, or does not fit any more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SHARED = (".venv", "node_modules", "static/build", "static/fonts")
"""What a copy takes from here: nothing of it is under version control."""
FAILED_TESTS = 1
"""The exit status of pytest when it ran and a test failed."""
ENVIRONMENT = {
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "DATA_KEYS": "b25seS1mb3ItdGVzdHN4eHh4eHh4eHh4eHh4eHh4eHg=",
    "DEBUG": "false",
}


class Planted(NamedTuple):
    """A fault: what stands once in a file becomes something else. tests: who must find it."""

    name: str
    file: str
    old: str
    new: str
    tests: str


PLANTED = (
    Planted(
        "box is printed",
        "decisions/letters/press.py",
        "    refuse_boxes(document)\n",
        "",
        "tests/letters/test_typefaces.py",
    ),
    Planted(
        "fonts of the machine are used",
        "decisions/letters/press_room.py",
        "if name in os.environ} | ITS_OWN",
        "if name in os.environ}",
        "tests/letters/test_typefaces.py",
    ),
    Planted(
        "word that tells passes unanswered",
        "decisions/letters/actions.py",
        "    if not set(composed.words_found) <= set(stated):",
        "    if False:",
        "tests/consents",
    ),
    Planted(
        "score off its scale is called better",
        "decisions/domain/letter_history.py",
        "return None if _doubted(sayings, one) & OF_THE_CHANGE else one.percent_better",
        "return one.percent_better",
        "tests/history",
    ),
    Planted(
        "anybody corrects a patient",
        "decisions/patient/actions.py",
        "    return not works_here.exists()",
        "    return True",
        "tests/patient",
    ),
    Planted(
        "limit never reached",
        "kapnet/limits.py",
        "            if is_within(request):",
        "            if True:",
        "tests/kapnet/test_security_limits.py",
    ),
    Planted(
        "read leaves no event",
        "kapnet/audit/reading.py",
        "        if opened and events_so_far() == before:",
        "        if False:",
        "tests/trail",
    ),
    Planted(
        "site stays verified",
        "kapnet/directory/actions.py",
        "**({} if is_same else NOT_VERIFIED)",
        "**{}",
        "tests/directory",
    ),
    Planted(
        "consent revoked twice",
        "decisions/consents/actions.py",
        "revoked_at=timezone.now(), revoked_by",
        "revoked_at=None, revoked_by",
        "tests/consents",
    ),
    Planted(
        "team member never leaves",
        "decisions/team/actions.py",
        "left_at=timezone.now()",
        "left_at=None",
        "tests/team",
    ),
    Planted(
        "history row kept",
        "decisions/history/actions.py",
        "removed_at=timezone.now()",
        "removed_at=None",
        "tests/history",
    ),
    Planted(
        "desk any step",
        "decisions/desk/steps.py",
        "    return after in NEXT[before]",
        "    return True",
        "tests/desk",
    ),
    Planted(
        "emergency opened again",
        "decisions/emergency/actions.py",
        "    if before is not None:",
        "    if False:",
        "tests/emergency",
    ),
    Planted(
        "plan overwrites",
        "decisions/plan/actions.py",
        "filter(case=case, version=version)",
        "filter(case=case)",
        "tests/decisions/plan",
    ),
    Planted(
        "digest without address",
        "evidence/digest/actions.py",
        "    if not settings.SITE_ADDRESS:",
        "    if False:",
        "tests/evidence/digest",
    ),
    Planted(
        "table formula",
        "evidence/exchange/table.py",
        'return f"\'{text}" if',
        "return text if",
        "tests/evidence/exchange",
    ),
    Planted(
        "retraction notice lost",
        "evidence/retractions/crossref.py",
        "    if notices:",
        "    if len(notices) > 1:",
        "tests/evidence/retractions",
    ),
    Planted(
        "guide sentence never falls",
        "evidence/guide/model.py",
        "        return Standing.FALLEN",
        "        return Standing.STANDS",
        "tests/evidence/guide",
    ),
    Planted(
        "any_of forgets unknown",
        "decisions/domain/truth.py",
        "    return max(truths, default=Truth.FALSE)",
        "    return Truth.TRUE if Truth.TRUE in tuple(truths) else Truth.FALSE",
        "tests/decisions/domain/test_truth.py tests/decisions/domain/test_conditions.py",
    ),
    Planted(
        "dead claim",
        "decisions/proof/by_exhaustion.py",
        "            holds=not counterexamples,",
        "            holds=True,",
        "tests/decisions/proof/test_proving.py",
    ),
    Planted(
        "hidden characters pass",
        "kapnet/plain_text.py",
        "    return ord(one) not in BLANK and unicodedata.category(one) not in UNSEEN_KINDS",
        "    return True",
        "tests/directory tests/decisions/test_case_views.py tests/kapnet",
    ),
    Planted(
        "index of whole words",
        "kapnet/at_rest/blind_index.py",
        "for text in texts for one in beginnings(text)",
        "for text in texts for one in [letters_of(text)]",
        "tests/at_rest tests/desk",
    ),
    Planted(
        "session stays everywhere",
        "kapnet/clinics/sessions.py",
        "def end_all(user: User, *, except_for: str | None = None) -> None:\n",
        "def end_all(user: User, *, except_for: str | None = None) -> None:\n    return\n\n\n"
        "def unused(user: User, *, except_for: str | None = None) -> None:\n",
        "tests/kapnet/test_sessions.py",
    ),
    Planted(
        "chart off by a pixel",
        "evidence/charts.py",
        "return self.y + BAR_HEIGHT // 2\n",
        "return self.y + BAR_HEIGHT // 2 + 1\n",
        "tests/evidence/test_charts.py",
    ),
    Planted(
        "sheet payer unsaid",
        "decisions/sheet/making.py",
        "        return sheet.made.paid_by_nobody",
        "        return sheet.made.paid_not_stated",
        "tests/sheet",
    ),
    Planted(
        "letter hash not looked at",
        "decisions/letters/verifying.py",
        '        if hash_of(bytes(letter.pdf or b"")) != letter.pdf_sha256:',
        "        if False:",
        "tests/letters",
    ),
    Planted(
        "missing object leaves no row",
        "kapnet/clinics/shortcuts.py",
        '        record_refusal(request, action, object_type, next(iter(lookup.values()), ""))\n',
        "",
        "tests/matrix",
    ),
    Planted(
        "author signs own release",
        "evidence/curation/releasing.py",
        "    if by.pk == now.prepared_by_id:",
        "    if False:",
        "tests/evidence/curation",
    ),
    Planted(
        "settled too early",
        "decisions/domain/robustness.py",
        "settled = len(diagram.ends) == 1",
        "settled = len(diagram.ends) <= 2",
        "tests/decisions/domain/test_robustness.py",
    ),
    Planted(
        "closed safety task counts as open",
        "decisions/queries.py",
        "    return SafetyTask.objects.filter(case=case, closed_at=None).select",
        "    return SafetyTask.objects.filter(case=case).select",
        "tests/decisions",
    ),
    Planted(
        "backup says nothing of hidden rows",
        "script/backup",
        'PGOPTIONS="-c kapnet.clinic=*" ',
        "",
        "tests/faults/test_backup.py",
    ),
    Planted(
        "answer over a newer one",
        "decisions/actions.py",
        "    if before is not None and before.version != version:",
        "    if False:",
        "tests/decisions",
    ),
)


def is_found(fault: Planted, folder: Path) -> bool:
    """Whether a test fails over it. Raises ValueError when it does not fit any more."""
    file = folder / fault.file
    right = file.read_text()
    if right.count(fault.old) != 1:
        raise ValueError(f"{fault.file} does not hold this once: {fault.old!r}")
    file.write_text(right.replace(fault.old, fault.new))
    try:
        ran = subprocess.run(  # noqa: S603
            [folder / ".venv/bin/pytest", "-q", "-x", *fault.tests.split()],
            cwd=folder,
            env={**os.environ, **ENVIRONMENT, "DATABASE_URL": f"sqlite:///{folder}/unused.sqlite3"},
            capture_output=True,
            check=False,
        )
    finally:
        file.write_text(right)
    return ran.returncode == FAILED_TESTS


def plant(faults: list[Planted], folder: Path) -> int:
    """How many of them are not found; a line for each."""
    missed = 0
    for fault in faults:
        started = perf_counter()
        try:
            result = "found" if is_found(fault, folder) else "NOT FOUND"
        except ValueError as problem:
            result = f"NOT FOUND: {problem}"
        missed += result != "found"
        print(f"{result:10}{perf_counter() - started:6.0f} s  {fault.name}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} found")
    return missed


def main(arguments: list[str]) -> int:
    """The exit status."""
    if arguments[:1] == ["--in"]:
        folder, words = Path(arguments[1]).resolve(), arguments[2:]
        return int(plant(chosen(words), folder) > 0)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "copy")
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)  # noqa: S603, S607
        for one in SHARED:
            (folder / one).symlink_to(ROOT / one)
        return int(plant(chosen(arguments), folder) > 0)


def chosen(words: list[str]) -> list[Planted]:
    """The faults whose names hold one of these words; all without one."""
    return [one for one in PLANTED if not words or any(word in one.name for word in words)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
