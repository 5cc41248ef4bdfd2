"""The dossier is read whole, and a mistake in it is named by file and entry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evidence.loading import DOSSIER, DossierRefused, load_dossier, read_dossier


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of our dossier that may be spoiled."""
    return Path(shutil.copytree(DOSSIER, tmp_path / "dossier"))


def spoil(dossier: Path, file: str, old: str, new: str) -> None:
    path = dossier / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_own_dossier_is_whole() -> None:
    evidence = load_dossier()

    counts = [
        len(part)
        for part in (evidence.sources, evidence.positions, evidence.cautions, evidence.claims)
    ]
    assert counts == [158, 32, 42, 15]
    assert evidence.release == "2026-12"


def test_every_source_has_a_name_of_its_own() -> None:
    labels = [source.label for source in load_dossier().sources]

    assert len(set(labels)) == len(labels)


def test_copy_has_the_same_hash(dossier: Path) -> None:
    assert read_dossier(dossier).sha256 == load_dossier().sha256


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "problems"),
    [
        ("sources.yaml", "  kind: rct", "  kinds: rct", ["sources.yaml, abbar-2022", "kinds"]),
        ("sources.yaml", "  kind: rct", "  kind: trial", ["sources.yaml, abbar-2022: kind"]),
        ("sources.yaml", "- key: anand-2023", "- key: abbar-2022", ["abbar-2022 occurs twice"]),
        ("sources.yaml", "  year: 2022", "  year: soon", ["abbar-2022: year"]),
        (
            "sources.yaml",
            "  kind: rct",
            "  kind: rct\n  kind: rct",
            ["sources.yaml, line", "twice"],
        ),
        ("positions.yaml", "grade: 1", "grade: 9", ["positions.yaml, canmat2023-rtms-trd: grade"]),
        ("positions.yaml", "lam-2024-canmat", "lam-2025", ["no source has the key lam-2025"]),
        ("cautions.yaml", "  - fu-2020", "  - fu-2021", ["no source has the key fu-2021"]),
        (
            "claims.yaml",
            "status: overstated",
            "status: wrong",
            ["synergy: status"],
        ),
        (
            "claims.yaml",
            "source: isha",
            "sources: isha",
            ["claims.yaml must hold source and claims"],
        ),
        ("short_names.yaml", "lam-2024-canmat:", "lam-2042:", ["short_names.yaml", "lam-2042"]),
        ("release.yaml", "published_on:", "published:", ["release.yaml must hold"]),
    ],
)
def test_spoiled_dossier_is_refused(
    dossier: Path, file: str, old: str, new: str, problems: list[str]
) -> None:
    spoil(dossier, file, old, new)

    with pytest.raises(DossierRefused) as refused:
        read_dossier(dossier)

    for problem in problems:
        assert problem in str(refused.value)


def test_missing_file_is_refused(dossier: Path) -> None:
    (dossier / "claims.yaml").unlink()

    with pytest.raises(DossierRefused, match=r"claims\.yaml cannot be read"):
        read_dossier(dossier)
