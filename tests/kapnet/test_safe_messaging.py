"""Words about suicide: "died by suicide" and "attempted suicide", never blame and never a score."""

from __future__ import annotations

import re
from pathlib import Path

from tests.collecting import for_each

ROOT = Path(__file__).parents[2]
FOLDERS = ("templates", "decisions", "evidence", "kapnet", "docs")
KINDS = frozenset({".html", ".md", ".py", ".txt", ".yaml"})
TAG = re.compile(r"<[^>]*>")
OUTCOME = r"(?:successful(?:ly)?|unsuccessful(?:ly)?|failed|failing|completed|completing)"
UNSAFE = re.compile(
    r"\bcommit(?:s|ted|ting)? suicide\b"
    rf"|\b{OUTCOME} (?:attempted )?suicides?\b(?! (?:risk|screen|severity))"
    rf"|\b{OUTCOME} suicid(?:e|al) attempts?\b"
    rf"|\b{OUTCOME} attempts? (?:at|of|to) (?:die by |end their life by )?suicide\b"
    rf"|\bsuicide (?:attempt )?(?:was|were|is|had been) {OUTCOME}\b",
    re.IGNORECASE,
)


def unsafe_words(text: str) -> list[str]:
    """The phrases in a text that safe messaging avoids, across line breaks and tags."""
    return UNSAFE.findall(" ".join(TAG.sub(" ", text).split()))


def texts() -> list[Path]:
    """Every file whose words can reach a reader."""
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in KINDS and path.is_file()
    ]


@for_each(
    "text",
    [
        "He committed suicide.",
        "She committed\n    suicide.",
        "a <em>failed</em> suicide attempt",
        "two completed suicides",
        "an unsuccessful attempt at suicide",
        "The suicide attempt was successful.",
    ],
)
def test_unsafe_words_are_found_in_each_form(text: str) -> None:
    assert unsafe_words(text)


@for_each(
    "text",
    [
        "She died by suicide.",
        "Has the patient attempted suicide?",
        "Completed suicide risk assessment, with its date",
        "Too many failed attempts to sign in.",
        "The first trial failed; suicide risk was assessed.",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert unsafe_words(text) == []


@for_each("folder", FOLDERS)
def test_texts_of_a_folder_are_read(folder: str) -> None:
    assert any(path.is_relative_to(ROOT / folder) for path in texts())


def test_no_text_blames_or_scores_a_suicide() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in texts()
        if (words := unsafe_words(path.read_text(encoding="utf-8")))
    }

    assert found == {}
