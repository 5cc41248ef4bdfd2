"""Released editions for tests: proved where a test is about proving, else as the row alone."""

from __future__ import annotations

from django.utils import timezone

from decisions.cases.models import EditionRelease
from decisions.documents.digest import words_sha256
from decisions.rules.loading import folder_of, load_edition
from decisions.rules.proof.claims import Method
from decisions.rules.proof.expectations import load_expectations
from decisions.rules.proof.reports import path_of, write_sheet
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.decisions.live_editions import LATER
from tests.decisions.rules.proof.proved_once import prove_once
from tests.factories import make_user

BY_EXHAUSTION = (Method.EXHAUSTION,)


def keep_proof(edition_id: str = LATER) -> None:
    """Keep the proof report of an edition, made by one method."""
    edition, evidence = load_edition(edition_id), load_dossier()
    expected = load_expectations(folder_of(edition_id), edition, evidence)
    report = prove_once(edition, evidence, expected, methods=BY_EXHAUSTION)
    write_sheet(report, path_of(edition_id))


def make_released(edition_id: str = LATER, *, by: User | None = None) -> EditionRelease:
    """An edition as if it had been proved and released now; nothing is evaluated yet."""
    evidence = load_dossier()
    return EditionRelease.objects.create(
        edition=edition_id,
        edition_sha256=load_edition(edition_id).sha256,
        words_sha256=words_sha256(edition_id),
        evidence_release=evidence.release,
        evidence_sha256=evidence.sha256,
        released_at=timezone.now(),
        released_by=by or make_user(is_evidence_admin=True),
    )
