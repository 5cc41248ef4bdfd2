"""The only reader of the dossier: its YAML in, frozen evidence out, anything odd refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evidence.domain.entries import Caution, Claim, EvidenceBase, Position, Source, Withdrawal
from evidence.domain.terms import EntryKind
from evidence.strict_yaml import YamlRefused, read_yaml

DOSSIER = Path(__file__).parent / "dossier"

Built = TypeVar("Built", bound=BaseModel)


class DossierRefused(ValueError):
    """A dossier that cannot be used; the message names file, entry, and what is wrong."""


@cache
def load_dossier() -> EvidenceBase:
    """The project's own dossier, as curated. Raises DossierRefused."""
    return read_dossier(DOSSIER)


def read_dossier(folder: Path) -> EvidenceBase:
    """The evidence in a folder of release, sources, positions, cautions, claims and withdrawals.

    Raises DossierRefused with the file, the entry and what is wrong with it.
    """
    release = _release_name(folder)
    short_names = _mapping(folder, "short_names.yaml")
    claims = _mapping(folder, "claims.yaml")
    withdrawals = _build(folder, "withdrawn.yaml", Withdrawal, _of_a_source)
    try:
        evidence = EvidenceBase(
            release=release,
            sources=_build(
                folder,
                "sources.yaml",
                Source,
                lambda raw: {**raw, "short_name": short_names.get(str(raw.get("key")))},
            ),
            positions=_build(folder, "positions.yaml", Position),
            cautions=_build(folder, "cautions.yaml", Caution),
            claims=_build_claims(claims),
            retracted=frozenset(one.key for one in withdrawals),
            withdrawals=withdrawals,
        )
    except ValidationError as error:
        raise DossierRefused(_all_messages("the dossier", error)) from error
    _refuse_strange_names(short_names, evidence)
    return evidence


def _release_name(folder: Path) -> str:
    release = _mapping(folder, "release.yaml")
    if release.keys() != {"name", "published_on", "notes"}:
        raise DossierRefused(
            "release.yaml must hold name, published_on and notes, and nothing else"
        )
    return str(release["name"])


def _refuse_strange_names(short_names: Mapping[str, Any], evidence: EvidenceBase) -> None:
    if strange := sorted(key for key in short_names if not evidence.has_source(key)):
        raise DossierRefused(f"short_names.yaml: no source has the key {', '.join(strange)}")


def _read(folder: Path, file: str) -> object:
    try:
        return read_yaml(folder / file)
    except YamlRefused as error:
        raise DossierRefused(str(error)) from error


def _mapping(folder: Path, file: str) -> Mapping[str, Any]:
    raw = _read(folder, file)
    if not isinstance(raw, dict):
        raise DossierRefused(f"{file} must be a mapping")
    return raw


def _unchanged(raw: dict[str, Any]) -> dict[str, Any]:
    return raw


def _of_a_source(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "entry": EntryKind.SOURCE}


def _build(
    folder: Path,
    file: str,
    model: type[Built],
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = _unchanged,
) -> tuple[Built, ...]:
    entries = _read(folder, file)
    if not isinstance(entries, list):
        raise DossierRefused(f"{file} must be a list of entries")
    return tuple(_build_one(file, model, raw, prepare) for raw in entries)


def _build_one(
    file: str,
    model: type[Built],
    raw: object,
    prepare: Callable[[dict[str, Any]], dict[str, Any]],
) -> Built:
    if not isinstance(raw, dict):
        raise DossierRefused(f"{file}: every entry must be a mapping, not {raw!r}")
    name = raw.get("key") or raw.get("id")
    try:
        return model.model_validate(prepare(raw))
    except ValidationError as error:
        raise DossierRefused(_all_messages(f"{file}, {name}", error)) from error


def _build_claims(raw: Mapping[str, Any]) -> tuple[Claim, ...]:
    if raw.keys() != {"source", "claims"}:
        raise DossierRefused("claims.yaml must hold source and claims, and nothing else")
    return tuple(
        _build_one("claims.yaml", Claim, claim, lambda one: {**one, "source": raw["source"]})
        for claim in raw["claims"]
    )


def _all_messages(where: str, error: ValidationError) -> str:
    faults = (
        f"{'.'.join(map(str, one['loc']))} {one['msg'].removeprefix('Value error, ')}".strip()
        for one in error.errors(include_url=False)
    )
    return f"{where}: {'; '.join(faults)}"
