"""What the documents name is there: pages and their parts, files, tests, commands, modules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from tests.collecting import for_each

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "findings/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
CODE_ROOTS = ("decisions", "docs", "evidence", "findings", "kapnet", "script", "templates", "tests")
SEARCHED = (*CODE_ROOTS, "requirements", "static/src")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)")
SPAN = re.compile(r"`([^`\n]+)`")
DEFINED = re.compile(r"^\s*def (test_\w+)", re.MULTILINE)
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:html|json|md|mjs|py|service|sh|toml|txt|yaml|yml)")
INSTALLED = {"check", "collectstatic", "createsuperuser", "makemigrations", "migrate", "runserver"}


@cache
def existing_tests() -> frozenset[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in DEFINED.findall(file.read_text()))


@cache
def existing_files() -> frozenset[str]:
    """Each file by its path and by every end of it: `proof/claims.py` as well."""
    found = set()
    for root in SEARCHED:
        for folder, inner, names in os.walk(ROOT / root):
            inner[:] = [one for one in inner if one not in {"node_modules", ".venv", "__pycache__"}]
            for name in names:
                parts = Path(folder, name).relative_to(ROOT).parts
                found |= {"/".join(parts[at:]) for at in range(len(parts))}
    return frozenset(found)


def parts_of(document: Path) -> set[str]:
    """The anchors of a page, as they are made of its headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", one.lower()) for one in headings)
    return {one.strip().replace(" ", "-") for one in words}


def is_wrong(span: str) -> bool:
    """Whether a name in a document is of something that is not there."""
    first, *rest = span.split()
    if re.fullmatch(r"test_\w+", first):
        return first not in existing_tests()
    if first == "manage.py" or span.startswith("python manage.py"):
        name = rest[1 if first == "python" else 0]
        return name not in INSTALLED | get_commands().keys()
    if span.startswith("python -m "):
        place = ROOT / rest[1].replace(".", "/")
        return not (place.is_dir() or place.with_suffix(".py").is_file())
    if FILE.fullmatch(first) and "/" in first:
        return first not in existing_files() and not (ROOT / first).exists()
    if first.startswith(tuple(f"{root}/" for root in CODE_ROOTS)) and re.fullmatch(
        r"[\w/.-]+", first
    ):
        return not (ROOT / first).exists()
    return False


def wrong_links(document: Path) -> Iterator[str]:
    for path, part in LINK.findall(document.read_text()):
        page = (document.parent / path) if path else document
        if not page.exists() or (part and part not in parts_of(page)):
            yield f"{path}#{part}"


@for_each("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_document_names_and_links_what_is_there(document: Path) -> None:
    spans = [one for one in SPAN.findall(document.read_text()) if one.strip()]

    assert [one for one in spans if is_wrong(one)] == []
    assert list(wrong_links(document)) == []
