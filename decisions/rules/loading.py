"""The only reader of edition files: YAML in, frozen models out, anything odd refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from decisions.rules.building import (
    RulesRead,
    build_instruments,
    build_questionnaire,
    build_rules,
    unreadable,
)
from decisions.rules.engine.edition import Edition, EditionProblem, Fault, problems_of
from decisions.rules.engine.short_path_plan import ShortPathPlan
from decisions.rules.questionnaire.parts import Parts
from decisions.rules.questionnaire.questionnaire import Questionnaire
from decisions.rules.sensitivity.open_answers import problems_of_open_answers
from decisions.rules.sensitivity.short_path import problems_of_short_path
from decisions.rules.sensitivity.short_path_reading import read_short_path
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.core.web.guidance import GuidanceUnavailable

EDITIONS = Path(__file__).parent / "editions"
FALLBACK = Path(__file__).parent / "words" / "fallback"
"""Words of the editions that were closed before such files were kept with an edition."""
CURRENT_EDITION = "2026.2"
"""The edition that new cases are asked by."""

Built = TypeVar("Built")


class EditionRefused(GuidanceUnavailable, ValueError):
    """An edition that cannot be used; `problems` names file, place and fix of each fault."""

    def __init__(self, problems: Iterable[EditionProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def edition_ids() -> tuple[str, ...]:
    """The editions of the project's own folder, the earliest first."""
    found = (one.name for one in EDITIONS.iterdir() if one.is_dir())
    return tuple(sorted(found, key=edition_order))


def edition_order(edition_id: str) -> tuple[tuple[int, int, str], ...]:
    """By what editions are sorted: 2026.10 comes after 2026.9, and a name after any number."""
    parts = edition_id.split(".")
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in parts)


def folder_of(edition_id: str) -> Path:
    """Where the files of an edition are."""
    return EDITIONS / edition_id


def file_of_words(edition_id: str, name: str) -> Path:
    """A file of words: that of the edition, or the one that it falls back on."""
    own = folder_of(edition_id) / name
    return own if own.is_file() else FALLBACK / name


def load_edition(edition_id: str = CURRENT_EDITION) -> Edition:
    """An edition of the project's own folder, checked against the project's own dossier.

    Raises EditionRefused with every fault found.
    """
    return _edition_read_once(edition_id)


@cache
def _edition_read_once(edition_id: str) -> Edition:
    digest = _digest_of(folder_of(edition_id))
    edition = read_edition(folder_of(edition_id), load_dossier())
    _LOADED[edition_id] = digest
    return edition


_LOADED: dict[str, str] = {}
"""The digest that the files of each edition had when this process, or its parent, read them."""


def has_changed_since_loaded(edition_id: str = CURRENT_EDITION) -> bool:
    """Whether the files of an edition that was loaded are others by now, or cannot be read."""
    return _LOADED.get(edition_id) != _digest_of(folder_of(edition_id))


def _digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in (*sorted(folder.glob("*.yaml")), *sorted(FALLBACK.glob("*.yaml"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_edition(folder: Path, evidence: EvidenceBase) -> Edition:
    """The edition in a folder of questionnaire.yaml, rules.yaml and instruments.yaml.

    Raises EditionRefused with every fault found, each with file, place and fix.
    """
    problems: list[EditionProblem] = []
    instruments = _read(folder, "instruments.yaml", build_instruments, problems)
    by_id = {one.id: one for one in instruments or ()}
    plan, found = read_short_path(folder)
    problems += found
    parts = Parts(by_id, plan.clearers)
    questionnaire = _read(
        folder,
        "questionnaire.yaml",
        lambda raw, found: build_questionnaire(raw, parts, found),
        problems,
    )
    rules = _read(folder, "rules.yaml", build_rules, problems)
    if questionnaire is not None and rules is not None:
        problems += _problems_of_all(questionnaire, rules, plan, evidence)
    if problems or questionnaire is None or rules is None or instruments is None:
        raise EditionRefused(problems)
    return Edition(
        id=questionnaire.edition,
        questionnaire=questionnaire,
        rules=rules.rules,
        instruments=instruments,
        open_is_never_no=rules.open_is_never_no,
        short_path=plan,
    )


def _problems_of_all(
    questionnaire: Questionnaire, rules: RulesRead, plan: ShortPathPlan, evidence: EvidenceBase
) -> Iterable[EditionProblem]:
    """What is wrong across files; the later looks need sound ids."""
    found = problems_of(questionnaire, rules.rules, evidence)
    if any(one.fault in {Fault.UNKNOWN_QUESTION, Fault.CIRCULAR} for one in found):
        return found
    return (
        *found,
        *problems_of_open_answers(questionnaire.edition, questionnaire, *rules),
        *problems_of_short_path(plan, questionnaire, rules.rules),
    )


_Build = Callable[[Mapping[str, Any], list[EditionProblem]], Built | None]


def _read(
    folder: Path, file: str, build: _Build[Built], problems: list[EditionProblem]
) -> Built | None:
    """What one file builds, or None after its faults were added to `problems`."""
    try:
        raw = read_yaml(folder / file)
    except YamlRefused as error:
        problems.append(unreadable(file, "the file", str(error), "Fix the file"))
        return None
    if not isinstance(raw, dict):
        problems.append(unreadable(file, "the file", "it is no mapping", "Begin with `edition:`"))
        return None
    return build(raw, problems)
