"""What a replay reads: the stored cases of all clinics, and the sides it is told to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from decisions.cases.models import Case, Decision
from decisions.replay.cases import BATCH, Recorded, StoredCase
from decisions.replay.differences import CaseName
from decisions.rules.edition_answers import counts_under
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
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

VERDICT_FIELDS = [f"outcome__options__{option.value}__verdict" for option in OptionId]


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


def stored_cases(edition: str) -> Iterator[StoredCase]:
    """Every case of an edition with its present answers, then every recorded decision.

    Of all clinics, some at a time; whoever calls this answers for who gets to see it.
    """
    with scopes_disabled():
        cases = (
            Case.objects.filter(edition=edition)
            .order_by("pk")
            .values_list("pk", "answers__question", "answers__value", "answers__edition")
        )
        decisions = (
            Decision.objects.filter(edition=edition)
            .order_by("case_id", "number")
            .values_list("case_id", "number", "answers", "outcome__leading", *VERDICT_FIELDS)
        )
        case_ids = list(Case.objects.filter(edition=edition).order_by("pk").values_list("pk"))
        decision_ids = list(decisions.values_list("pk"))
    yield from _cases(_in_parts(cases, case_ids), edition)
    yield from _decisions(_in_parts(decisions, decision_ids))


def _in_parts(rows: QuerySet[Any, Any], ids: Sequence[tuple[Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows of these ids, some at a time. Each part is read whole while scopes are off:

    whoever goes on between two parts does so in a scope of their own.
    """
    for start in range(0, len(ids), BATCH):
        with scopes_disabled():
            part = list(rows.filter(pk__in=[one for (one,) in ids[start : start + BATCH]]))
        yield from part


def _cases(rows: Iterable[tuple[Any, ...]], edition: str) -> Iterator[StoredCase]:
    """The answers that count, as pages read them: of a case that was moved not all may."""
    is_here = edition in edition_ids()
    for case_id, answers in groupby(rows, key=lambda row: row[0]):
        yield StoredCase(
            CaseName(case_id=str(case_id), decision=None),
            {
                question: value
                for _, question, value, asked_by in answers
                if value is not None
                and (not is_here or counts_under(edition, question, value, asked_by=asked_by))
            },
        )


def _decisions(rows: Iterable[tuple[Any, ...]]) -> Iterator[StoredCase]:
    for case_id, number, answers, leading, *verdicts in rows:
        yield StoredCase(
            CaseName(case_id=str(case_id), decision=number),
            {question: answer["value"] for question, answer in answers.items()},
            Recorded(tuple(verdicts), tuple(leading)),
        )
