"""The one reader of YAML files: safe, of bounded size, and strict about keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

LARGEST_FILE = 5_000_000
"""Bytes. The largest file of ours has a tenth of this."""


class YamlRefused(ValueError):
    """A file that cannot be read; the message names the file, the line and what is wrong."""


def first_fault(error: ValidationError, file: str) -> str:
    """Where in a file the first mistake is that a model found, and which."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{file}, {place or 'the file'}: {first['msg']}"


def wrong_keys(there: Iterable[str], wanted: Iterable[str]) -> str:
    """What to do about the keys of a part of a file: "add a; remove b". Empty where they fit."""
    found, asked = set(there), set(wanted)
    steps = {"add": sorted(asked - found), "remove": sorted(found - asked)}
    return "; ".join(f"{verb} {', '.join(keys)}" for verb, keys in steps.items() if keys)


class _StrictLoader(yaml.CSafeLoader):
    """Plain data only: no duplicate keys, no anchors and aliases, no tags that make objects."""


def _problem(what: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=mark)


def _mapping_of(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _problem("a key must be a word", key.start_mark)
        if key.value in seen:
            raise _problem(f"key {key.value!r} occurs twice", key.start_mark)
        seen.add(key.value)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_of)


_MAY_BE_AN_ANCHOR = re.compile(r"(?<!\w)&\S")
"""An alias needs an anchor, which follows no letter. A text without one is read once, not twice."""


def _refuse_aliases(text: str) -> None:
    if not _MAY_BE_AN_ANCHOR.search(text):
        return
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _problem("aliases are not allowed: write the value out", event.start_mark)


def read_yaml(path: Path) -> object:
    """The plain data in a YAML file.

    Raises YamlRefused when the file is missing, too large, no YAML, or has a key twice, an
    alias or a tag that is not plain data.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise YamlRefused(f"{path.name} is larger than {LARGEST_FILE} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise YamlRefused(f"{path.name} cannot be read: {error}") from error
    try:
        _refuse_aliases(text)
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a safe loader made stricter
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise YamlRefused(f"{path.name}, line {line}: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlRefused(f"{path.name}: {error}") from error
