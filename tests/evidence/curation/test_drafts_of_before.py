"""Drafts of releases that were there before counts could be stopped."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evidence.curation.models import ReleaseDraft
from evidence.models import Release
from tests.evidence.evidence_factories import curators, load_own_dossier

IMPACT = {"before_sha256": "one", "after_sha256": "another"}
OF_BEFORE: list[tuple[dict[str, Any], str]] = [
    ({"status": "preparing"}, "waiting"),
    ({"status": "open", "impact": IMPACT}, "done"),
    ({"status": "dropped", "impact": IMPACT}, "done"),
    ({"status": "dropped"}, "stopped"),
    ({"status": "published", "impact": IMPACT}, "done"),
]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_drafts_of_before_say_how_their_count_went() -> None:
    load_own_dossier()
    author, signer = (one.pk for one in curators())
    release = Release.objects.get().pk
    signed = {"signed_by_id": signer, "release_id": release}
    drafts = migrated_to("0004_abstracts_of_imports").get_model("curation", "ReleaseDraft").objects
    for number, (fields, _) in enumerate(OF_BEFORE):
        more = signed if fields["status"] == "published" else {}
        drafts.create(notes=str(number), sha256="one", prepared_by_id=author, **fields, **more)

    migrated_to("0005_counts_that_stop")

    found = dict(ReleaseDraft.objects.values_list("notes", "counting"))
    assert found == {str(number): counting for number, (_, counting) in enumerate(OF_BEFORE)}


def migrated_to(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    return executor.migrate([("curation", name)]).apps
