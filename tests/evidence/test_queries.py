"""The evidence that decisions rest on: by stamp, kept in the process, true to the rows."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import queries
from evidence.loading import DossierRefused, load_dossier
from evidence.models import Release, Source
from evidence.queries import (
    ReleaseAlteredError,
    _kept_evidence,
    current_evidence,
    current_release_name,
    evidence_for,
    evidence_of,
    newest_stamp,
    release_as_of,
    release_stamp_subquery,
)
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    load_own_dossier,
    publish,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.usefixtures("no_evidence")
def test_without_release_the_dossier_counts() -> None:
    assert newest_stamp() is None
    assert current_evidence() is load_dossier()
    assert evidence_for("") is load_dossier()
    assert current_release_name() == "2026-12"


def test_stamp_comes_with_any_query() -> None:
    load_own_dossier()

    stamp = (
        Source.objects.annotate(stamp=release_stamp_subquery())
        .values_list("stamp", flat=True)
        .first()
    )

    assert stamp == newest_stamp()
    assert stamp == f"2026-12:{load_dossier().sha256}"


def test_second_read_of_a_stamp_asks_the_database_nothing() -> None:
    load_own_dossier()
    stamp = newest_stamp()
    evidence_for(stamp)

    with CaptureQueriesContext(connection) as queries:
        evidence_for(stamp)

    assert len(queries) == 0


def test_released_change_is_seen_at_once() -> None:
    load_own_dossier()
    current_evidence()

    approve(change_source("philip-2016", certainty="very_low"))
    publish()

    assert current_evidence().source("philip-2016").certainty == "very_low"
    assert current_evidence().release == "2026-12.1"


def test_earlier_stamp_gives_the_earlier_evidence() -> None:
    load_own_dossier()
    old = newest_stamp()
    withdraw("philip-2016")
    _kept_evidence.cache_clear()

    assert evidence_for(old) is load_dossier()  # and no second copy


def test_rows_changed_by_hand_change_no_decision() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(note="Changed by hand.")
    _kept_evidence.cache_clear()

    assert current_evidence() == load_dossier()


def test_released_evidence_is_there_without_the_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    load_own_dossier()
    _kept_evidence.cache_clear()
    monkeypatch.setattr(queries, "load_dossier", Mock(side_effect=DossierRefused("not readable")))

    assert current_evidence() == load_dossier()
    _kept_evidence.cache_clear()  # other tests share its object


def test_altered_release_is_refused() -> None:
    content = load_dossier().model_dump(mode="json")
    content["sources"][0]["certainty"] = "high"
    altered = Release(name="2026-12", sha256=load_dossier().sha256, content=content)

    with pytest.raises(ReleaseAlteredError, match="altered in the database"):
        evidence_of(altered)


@pytest.mark.parametrize("change", [{"content": None}, {"sha256": "0" * 64}, {"notes": "Other."}])
def test_database_refuses_to_change_a_release(change: dict[str, object]) -> None:
    load_own_dossier()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Release.objects.update(**change)


def test_release_of_a_day() -> None:
    load_own_dossier()
    today = timezone.localdate()

    assert release_as_of(today) == Release.objects.get()
    assert release_as_of(today - timedelta(days=1)) is None
