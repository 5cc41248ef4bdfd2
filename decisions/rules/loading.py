"""The only reader of edition files: YAML in, frozen models out, anything odd refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from decisions.rules.engine.edition import Edition, EditionProblem, Fault, problems_of
from decisions.rules.engine.rules import Rule
from decisions.rules.logic.conditions import ConditionError, parse_condition
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Derived, Question, Questionnaire, Section
from decisions.rules.sensitivity.open_answers import problems_of_open_answers
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
    """An edition that cannot be used; `problems` names file, place and mend of each fault."""

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

    Raises EditionRefused with every fault found, each with file, place and mend.
    """
    problems: list[EditionProblem] = []
    instruments = _read(folder, "instruments.yaml", _build_instruments, problems)
    by_id = {one.id: one for one in instruments or ()}
    questionnaire = _read(
        folder,
        "questionnaire.yaml",
        lambda raw, found: _build_questionnaire(raw, by_id, found),
        problems,
    )
    rules = _read(folder, "rules.yaml", _build_rules, problems)
    if questionnaire is not None and rules is not None:
        problems += _problems_of_both(questionnaire, rules, evidence)
    if problems or questionnaire is None or rules is None or instruments is None:
        raise EditionRefused(problems)
    return Edition(
        id=questionnaire.edition,
        questionnaire=questionnaire,
        rules=rules.rules,
        instruments=instruments,
        open_is_never_no=rules.open_is_never_no,
    )


class _Rules(NamedTuple):
    """What rules.yaml holds."""

    rules: tuple[Rule, ...]
    open_is_never_no: bool


def _problems_of_both(
    questionnaire: Questionnaire, rules: _Rules, evidence: EvidenceBase
) -> Iterable[EditionProblem]:
    """What is wrong across questionnaire and rules; the second look needs sound ids."""
    found = problems_of(questionnaire, rules.rules, evidence)
    if any(one.fault in {Fault.UNKNOWN_QUESTION, Fault.CIRCULAR} for one in found):
        return found
    return (*found, *problems_of_open_answers(questionnaire.edition, questionnaire, *rules))


_Build = Callable[[Mapping[str, Any], list[EditionProblem]], Built | None]


def _read(
    folder: Path, file: str, build: _Build[Built], problems: list[EditionProblem]
) -> Built | None:
    """What one file builds, or None after its faults were added to `problems`."""
    try:
        raw = read_yaml(folder / file)
    except YamlRefused as error:
        problems.append(_unreadable(file, "the file", str(error), "Mend the file"))
        return None
    if not isinstance(raw, dict):
        problems.append(_unreadable(file, "the file", "it is no mapping", "Begin with `edition:`"))
        return None
    return build(raw, problems)


def _unreadable(file: str, where: str, what: str, mend: str) -> EditionProblem:
    return EditionProblem(fault=Fault.UNREADABLE, file=file, where=where, what=what, mend=mend)


_MEND = "See the header of the file for what may stand here"


def _attempt(
    file: str, where: str, problems: list[EditionProblem], build: Callable[[], Built]
) -> Built | None:
    """What `build` gives, or None after its fault was added to `problems`."""
    try:
        return build()
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = ".".join(str(part) for part in detail["loc"])
            message = detail["msg"].removeprefix("Value error, ")
            problems.append(_unreadable(file, where, f"{place}: {message}".lstrip(": "), _MEND))
    except (ConditionError, _Odd) as error:
        problems.append(_unreadable(file, where, str(error), _MEND))
    return None


class _Odd(ValueError):
    """Plain data of the wrong shape."""


def _check_keys(raw: Mapping[str, Any], allowed: set[str]) -> None:
    if strange := sorted(str(key) for key in raw.keys() - allowed):
        raise _Odd(f"unknown key {', '.join(strange)}")
    if missing := sorted(allowed - raw.keys()):
        raise _Odd(f"key {', '.join(missing)} is missing")


def _entries(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = raw[key]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _Odd(f"{key} must be a list of mappings")
    return entries


def _build_each(
    file: str,
    kind: str,
    raw: Mapping[str, Any],
    key: str,
    problems: list[EditionProblem],
    build: Callable[[dict[str, Any]], Built],
) -> tuple[Built, ...] | None:
    """One model an entry; None when the file or any entry is at fault."""
    before = len(problems)
    entries = _attempt(file, "the file", problems, lambda: _entries_of_file(raw, key))
    built = [
        _attempt(file, f"{kind} {entry.get('id', place)}", problems, partial(build, entry))
        for place, entry in enumerate(entries or ())
    ]
    whole = tuple(one for one in built if one is not None)
    return whole if len(problems) == before else None


def _entries_of_file(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    _check_keys(raw, {"edition", key})
    return _entries(raw, key)


def _build_instruments(
    raw: Mapping[str, Any], problems: list[EditionProblem]
) -> tuple[Instrument, ...] | None:
    return _build_each(
        "instruments.yaml", "instrument", raw, "instruments", problems, Instrument.model_validate
    )


_OPEN_IS_NEVER_NO = "open_is_never_no"
"""A key of rules.yaml, explained under OPEN in its header."""


def _build_rules(raw: Mapping[str, Any], problems: list[EditionProblem]) -> _Rules | None:
    rest = {key: value for key, value in raw.items() if key != _OPEN_IS_NEVER_NO}
    rules = _build_each("rules.yaml", "rule", rest, "rules", problems, _build_rule)
    stated = raw.get(_OPEN_IS_NEVER_NO, False)
    if not isinstance(stated, bool):
        what = f"{_OPEN_IS_NEVER_NO} is true or false, not {stated!r}"
        problems.append(_unreadable("rules.yaml", "the file", what, _MEND))
        return None
    return None if rules is None else _Rules(rules, stated)


def _build_rule(raw: dict[str, Any]) -> Rule:
    if "when" not in raw:
        raise _Odd("key when is missing")
    return Rule.model_validate({**raw, "when": parse_condition(raw["when"])})


def _build_questionnaire(
    raw: Mapping[str, Any], instruments: Mapping[str, Instrument], problems: list[EditionProblem]
) -> Questionnaire | None:
    file = "questionnaire.yaml"
    sections = _build_each(
        file,
        "section",
        raw,
        "sections",
        problems,
        lambda entry: _build_section(entry, instruments),
    )
    if sections is None:
        return None
    return _attempt(
        file,
        "the file",
        problems,
        lambda: Questionnaire(edition=str(raw["edition"]), sections=sections),
    )


def _build_section(raw: dict[str, Any], instruments: Mapping[str, Instrument]) -> Section:
    if "questions" not in raw:
        raise _Odd("key questions is missing")
    questions = tuple(_build_question(one, instruments) for one in _entries(raw, "questions"))
    return Section.model_validate({**raw, "questions": questions})


def _build_question(raw: dict[str, Any], instruments: Mapping[str, Instrument]) -> Question:
    fields = dict(raw)
    try:
        if "ask_when" in raw:
            fields["ask_when"] = parse_condition(raw["ask_when"])
        if "instrument" in raw:
            fields["instrument"] = _instrument(raw["instrument"], instruments)
            fields["derives"] = _derived(raw.get("derives"))
        return Question.model_validate(fields)
    except (ConditionError, _Odd) as error:
        raise _Odd(f"question {raw.get('id')}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise _Odd(f"question {raw.get('id')}: {place} {message}") from error


def _instrument(name: object, instruments: Mapping[str, Instrument]) -> Instrument:
    if name not in instruments:
        raise _Odd(f"there is no instrument {name}")
    return instruments[str(name)]


def _derived(raw: object) -> tuple[Derived, ...]:
    """Derived values by their names: `phq9_total` is the total, `phq9_item9` item 9."""
    if not isinstance(raw, dict):
        raise _Odd("derives must map a name to its range")
    return tuple(_derive(str(name), bounds) for name, bounds in raw.items())


def _derive(name: str, bounds: object) -> Derived:
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise _Odd(f"the range of {name} must be two numbers")
    value = name.rpartition("_")[2]
    if value == "total":
        return Derived(id=name, range=(bounds[0], bounds[1]))
    if value.startswith("item") and value[4:].isdigit():
        return Derived(id=name, range=(bounds[0], bounds[1]), item=int(value[4:]))
    raise _Odd(f"{name} must end in _total or _item and a number")
