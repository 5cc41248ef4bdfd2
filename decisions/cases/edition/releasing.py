"""Releasing an edition: proved first; earlier decisions are evaluated afterwards."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.cases.edition.releases import is_earlier
from decisions.cases.edition.signals import edition_released
from decisions.cases.models import EditionRelease
from decisions.documents.digest import words_sha256
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import EditionRefused, edition_ids, folder_of, load_edition
from decisions.rules.proof.claims import Method
from decisions.rules.proof.expectations import Expectations, ExpectationsRefused, load_expectations
from decisions.rules.proof.proving import installed_methods, prove
from decisions.rules.proof.report import ProofReport
from decisions.rules.proof.reports import ReportMissing, load_sheet
from evidence.curation.release_actions import locked_newest
from evidence.domain.entries import EvidenceBase
from evidence.queries import current_evidence
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User


class EditionNotReleased(ValueError):
    """An edition that is not released; the message says why."""


def release_edition(
    *, edition_id: str, by: User, methods: tuple[Method, ...] | None = None
) -> EditionRelease:
    """Release an edition that is proved, under the evidence in force.

    Drafts and signed letters of earlier decisions are evaluated by a worker afterwards. methods:
    of proving, all that are installed where none is named. Raises EditionNotReleased.
    """
    edition = _edition(edition_id)
    _check_order(edition_id)
    evidence = current_evidence()
    _check_proof(edition, evidence, methods or installed_methods())
    with transaction.atomic():
        # Signing takes the same lock: a letter is either seen by the evaluation, or its signer
        # has to say why the decision is still the one to sign on.
        locked_newest()
        _check_order(edition_id)
        release = EditionRelease.objects.create(
            edition=edition.id,
            edition_sha256=edition.sha256,
            words_sha256=words_sha256(edition.id),
            evidence_release=evidence.release,
            evidence_sha256=evidence.sha256,
            released_at=timezone.now(),
            released_by=by,
        )
        record_event(
            action="edition.released",
            actor=by,
            clinic=None,
            object_type="edition",
            object_id=edition.id,
            reason=f"{edition.sha256[:12]}, words {release.words_sha256[:12]}",
        )
        edition_released.send(sender=EditionRelease, release=release)
    return release


def _edition(edition_id: str) -> Edition:
    if edition_id not in edition_ids():
        raise EditionNotReleased(
            f"There is no edition {edition_id}: name one of {', '.join(edition_ids())}."
        )
    try:
        words_sha256(edition_id)
        return load_edition(edition_id)
    except (EditionRefused, ValueError) as refused:
        raise EditionNotReleased(f"The edition has faults:\n{refused}") from refused


def _check_order(edition_id: str) -> None:
    for one in EditionRelease.objects.all():
        if not is_earlier(one.edition, edition_id):
            day = timezone.localdate(one.released_at)
            raise EditionNotReleased(f"Edition {one.edition} was released on {day}.")


def _check_proof(edition: Edition, evidence: EvidenceBase, methods: tuple[Method, ...]) -> None:
    """The kept sheet is of these very files and holds, and so does a proof made now."""
    try:
        expected = load_expectations(folder_of(edition.id), edition, evidence)
        kept = load_sheet(edition.id)
    except (ExpectationsRefused, ReportMissing) as problem:
        raise EditionNotReleased(str(problem)) from problem
    if not _is_of(kept, edition, expected):
        raise EditionNotReleased(
            f"The kept proof is of other files: manage.py prove {edition.id} --write"
        )
    for sheet in (kept, prove(edition, evidence, expected, methods=methods)):
        if sheet.violations:
            broken = ", ".join(one.claim.id for one in sheet.violations)
            raise EditionNotReleased(f"It is not proved: {broken}. See manage.py prove.")


def _is_of(sheet: ProofReport, edition: Edition, expected: Expectations) -> bool:
    made_of = (sheet.edition_sha256, sheet.expectations_sha256)
    return made_of == (edition.sha256, expected.sha256)
