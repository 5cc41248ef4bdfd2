"""What rooms above say of a case on its pages: each registers itself when it is ready.

Cases are below letters and desk, and import neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case
from decisions.documents.contradictions.compared import Mismatch

_tellers: dict[str, Callable[..., Any]] = {}
LETTER, SIGNED_LETTERS, STATED_FACTS = "letter", "signed_letters", "stated_facts"
MISMATCHES = "mismatches"


def register(what: str, teller: Callable[..., Any]) -> None:
    """Let this room say it from now on."""
    _tellers[what] = teller


def letter_of(case: Case) -> Any:
    """Where the newest letter of a case stands; None where there is none."""
    return _tellers[LETTER](case)


def signed_letters_of(case: Case) -> list[Any]:
    """The signed letters of a case that no other has replaced, newest first."""
    found: list[Any] = _tellers[SIGNED_LETTERS](case)
    return found


def stated_facts_of(case: Case) -> Mapping[str, str]:
    """What letters say of a safety task, as it was stated; empty where nothing was."""
    found: Mapping[str, str] = _tellers[STATED_FACTS](case)
    return found


def mismatches_of(file: CaseFile, among: Collection[str]) -> tuple[Mismatch, ...]:
    """What rooms above keep of a case and does not fit answers to these questions."""
    found: tuple[Mismatch, ...] = _tellers[MISMATCHES](file, among)
    return found
