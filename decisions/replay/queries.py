"""The sides that a replay is told to compare, and the editions that stored cases have."""

from __future__ import annotations

from pathlib import Path

from django_scopes import scopes_disabled

from decisions.cases.models import Case, Decision
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import (
    EditionRefused,
    edition_ids,
    edition_order,
    load_edition,
    read_edition,
)
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from evidence.models import Release
from evidence.queries import evidence_of


class SideUnknown(ValueError):
    """There is no such edition or release to compare with; the message says what there is."""


def edition_named(name: str) -> Edition:
    """A released edition by its id, or one that is not released by the path of its folder.

    Raises SideUnknown when there is neither, or when the edition has faults.
    """
    try:
        if name in edition_ids():
            return load_edition(name)
        if Path(name).is_dir():
            return read_edition(Path(name), load_dossier())
    except EditionRefused as refused:
        raise SideUnknown(f"the edition has faults:\n{refused}") from refused
    raise SideUnknown(
        f"there is no edition {name}: name one of {', '.join(edition_ids())}, or a folder "
        "that holds questionnaire.yaml, rules.yaml and instruments.yaml"
    )


def evidence_named(release: str) -> EvidenceBase:
    """The evidence of a release, or the one that this program comes with.

    Raises SideUnknown for any other, and for a release whose content was not kept.
    """
    named = Release.objects.filter(name=release).first()
    if named and named.content is not None:
        return evidence_of(named)
    if named:
        raise SideUnknown(f"of release {release} only name and hash are kept: use a newer one")
    if release == load_dossier().release:
        return load_dossier()
    names = ", ".join([*Release.objects.values_list("name", flat=True), load_dossier().release])
    raise SideUnknown(f"there is no release {release}: use one of {names}")


def editions_in_use() -> list[str]:
    """The ids of the editions that any case or recorded decision was asked by."""
    with scopes_disabled():
        found = Case.objects.values_list("edition").union(Decision.objects.values_list("edition"))
        return sorted((edition for (edition,) in found), key=edition_order)
