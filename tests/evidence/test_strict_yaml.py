"""The YAML reader refuses what could hide a mistake, and names file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence import strict_yaml
from evidence.strict_yaml import YamlRefused, read_yaml


def write(folder: Path, text: str) -> Path:
    path = folder / "entries.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_plain_data_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "- key: a\n  year: 2016\n  title: null\n")

    assert read_yaml(path) == [{"key": "a", "year": 2016, "title": None}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: key 'a' occurs twice"),
        ("- x: {a: 1, a: 2}\n", "line 1: key 'a' occurs twice"),
        ("a: &n [1]\nb: *n\n", "line 2: aliases are not allowed"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1: could not determine a constructor"),
        ("a: [1\n", "line"),
        ("? [a, b]\n: 1\n", "line 1: a key must be a word"),
    ],
)
def test_odd_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(YamlRefused, match=r"entries\.yaml") as refused:
        read_yaml(path)

    assert problem in str(refused.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(YamlRefused, match="cannot be read"):
        read_yaml(tmp_path / "absent.yaml")


def test_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "LARGEST_FILE", 10)

    with pytest.raises(YamlRefused, match="larger than 10 bytes"):
        read_yaml(write(tmp_path, "a: 123456789012345\n"))
