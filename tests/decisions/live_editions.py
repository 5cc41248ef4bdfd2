"""A later edition beside the project's own: the current one with some changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from decisions.cases import actions
from decisions.documents.digest import words_sha256
from decisions.documents.letter.loading import load_words
from decisions.documents.plan.loading import load_plan_words
from decisions.documents.words.reading import labels_of, lists_of, result_words
from decisions.rules import loading
from decisions.rules.edition_answers import more_asked, split_since
from decisions.rules.question_names import question_names
from tests.yaml_files import read_yaml, write_yaml

EARLIER, LATER = loading.CURRENT_EDITION, "2026.99"
CACHES: tuple[Any, ...] = (
    *(loading._edition_read_once, question_names, load_words, load_plan_words, result_words),
    *(lists_of, labels_of, words_sha256, more_asked, split_since),
)

Change = Callable[[dict[str, Any]], object]
Files = dict[str, Change]
"""File of the edition -> what is changed in it."""


def forget_editions() -> None:
    """Let the next look read the files again."""
    for cache in CACHES:
        cache.cache_clear()


def make_edition(folder: Path, changes: Files, *, edition_id: str = LATER) -> Path:
    """A copy of the current one under another id, with these changes to its files."""
    made = copytree(loading.EDITIONS / EARLIER, folder / edition_id)
    for file in made.glob("*.yaml"):
        text = file.read_text().replace(f'edition: "{EARLIER}"', f'edition: "{edition_id}"')
        file.write_text(text)
    for name, change in changes.items():
        change_file(made, name, change)
    (made / "proof.json").unlink(missing_ok=True)
    return made


def change_file(folder: Path, name: str, change: Change) -> None:
    """Change the plain data of one file, which may be a new one."""
    file = folder / name
    raw = read_yaml(file) if file.exists() else {}
    change(raw)
    write_yaml(file, raw)
    forget_editions()


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Files], Path]]:
    """Makes the later edition live: cases begin under the one before and are offered the move."""

    def make(changes: Files) -> Path:
        folder = copytree(loading.EDITIONS, tmp_path / "editions")
        made = make_edition(folder, changes)
        monkeypatch.setattr(loading, "EDITIONS", folder)
        monkeypatch.setattr(loading, "CURRENT_EDITION", LATER)
        monkeypatch.setattr(actions, "CURRENT_EDITION", EARLIER)
        forget_editions()
        return made

    yield make
    monkeypatch.undo()
    forget_editions()


# Changes


def question_of(raw: dict[str, Any], question_id: str) -> dict[str, Any]:
    """One question of a questionnaire, to be changed."""
    sections: list[dict[str, Any]] = raw["sections"]
    return next(one for sec in sections for one in sec["questions"] if one["id"] == question_id)


def asking(*added: dict[str, Any], section: str = "episode") -> Change:
    """Questions more at the end of a section."""

    def change(raw: dict[str, Any]) -> None:
        found = next(one for one in raw["sections"] if one["id"] == section)
        found["questions"] += added

    return change


def with_rules(*added: dict[str, Any]) -> Change:
    """Rules more, at the end."""
    return lambda raw: raw["rules"].extend(added)


def all_of(*changes: Change) -> Change:
    """Several changes of one file."""

    def change(raw: dict[str, Any]) -> None:
        for one in changes:
            one(raw)

    return change


def review_rule(rule_id: str, when: dict[str, Any], *options: str) -> dict[str, Any]:
    """A rule that asks for a specialist."""
    return {
        "id": rule_id,
        "options": [*options],
        "effect": "review",
        "when": when,
        "because": f"The later edition asks for a review: {rule_id}.",
        "evidence": [],
    }


def with_review(rule_id: str, when: dict[str, Any], *options: str) -> Files:
    """The files of an edition with one review more, and its words."""
    return {
        "rules.yaml": with_rules(review_rule(rule_id, when, *options)),
        "letter.yaml": lambda raw: raw["findings"].update({rule_id: f"{rule_id} in short"}),
    }


# A later edition with one change of every kind

NEW, GONE, OTHER = "made_up", "integration_therapy", "heart"
OLD_VALUE = "stable"
"""The value of OTHER that only the earlier one takes."""
REWORDED = "mania_now"
REVIEW = "review-made-up"


def other_questions(raw: dict[str, Any]) -> None:
    """A new one, one that is gone, one with other values, one in other words."""
    asking({"id": NEW, "type": "yes_no", "ask": "Made up, for tests?"})(raw)
    for section in raw["sections"]:
        section["questions"] = [one for one in section["questions"] if one["id"] != GONE]
    heart = question_of(raw, OTHER)
    kept = [one for one in heart["options"] if one["value"] != OLD_VALUE]
    heart["options"] = [*kept, {"value": "treated", "label": "Treated heart disease"}]
    question_of(raw, REWORDED)["ask"] = "In other words: manic now?"


def other_rules(raw: dict[str, Any]) -> None:
    """Without those that speak of what is gone, with a review by the new question."""
    spoken = (f"{{'{GONE}': ", f"{{'{OTHER}': '{OLD_VALUE}'}}")
    raw["rules"] = [one for one in raw["rules"] if not any(w in str(one["when"]) for w in spoken)]
    raw["rules"].append(review_rule(REVIEW, {"is": {NEW: "yes"}}, "ketamine", "repeat_tms"))


def other_words(raw: dict[str, Any]) -> None:
    """The letter says the rules that are left."""
    raw["findings"].pop("ketamine-review-heart")
    raw["findings"][REVIEW] = "made up"
    raw["alone"]["ketamine_safety"].remove(GONE)


def other_names(raw: dict[str, Any]) -> None:
    """Short names of the questions that are left."""
    raw["names"].pop(GONE)
    raw["names"][NEW] = "Made up"


def other_labels(raw: dict[str, Any]) -> None:
    """Without the label of the value that is gone."""
    raw["labels"][OTHER].pop(OLD_VALUE)


OTHERWISE: Files = {
    "letter_labels.yaml": other_labels,
    "questionnaire.yaml": other_questions,
    "rules.yaml": other_rules,
    "letter.yaml": other_words,
    "question_names.yaml": other_names,
}
