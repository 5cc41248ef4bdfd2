"""Loading: idempotent, never over a curator's change, and each new content is a release."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from evidence.curation.release_actions import load_evidence, make_release
from evidence.curation.seed_rows import Fate
from evidence.curation.withdrawing import restore_entry
from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import EntryKind
from evidence.loading import load_dossier
from evidence.models import Release, Result, Source
from evidence.queries import current_evidence, current_release_name
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    make_source,
    publish,
    take_evidence_out,
    with_source,
    withdraw,
)

pytestmark = pytest.mark.django_db


def run_command(**options: int) -> str:
    out = StringIO()
    call_command("load_evidence", stdout=out, **options)
    return out.getvalue()


def test_first_load_adds_everything_and_names_the_release() -> None:
    take_evidence_out()

    said = run_command()

    for line in ("added: 158 sources", "added: 32 positions", "added: 42 cautions", "15 claims"):
        assert line in said
    assert "release 2026-12, sha256" in said
    assert "warning: glue-2024" in said


@pytest.mark.both_databases
def test_rows_hold_exactly_the_dossier() -> None:
    load_own_dossier()

    assert current_evidence() == load_dossier()
    assert Release.objects.get().sha256 == load_dossier().sha256


@pytest.mark.both_databases
def test_second_load_changes_nothing() -> None:
    load_own_dossier()

    said = run_command()

    assert "unchanged: 158 sources" in said
    assert "no new release" in said
    assert "added" not in said
    assert Release.objects.count() == 1


def test_change_of_a_curator_is_left_alone_and_named() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(certainty="very_low")

    said = run_command()

    assert "left alone: 1 source (changed by a curator): philip-2016" in said
    assert Source.objects.get(key="philip-2016").certainty == "very_low"


def test_newcomer_hears_of_no_odd_number_and_everybody_of_what_a_curator_changed() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(certainty="very_low")

    said = run_command(verbosity=0)

    assert said == "left alone: 1 source (changed by a curator): philip-2016\n"


def test_changed_number_of_a_curator_is_left_alone() -> None:
    load_own_dossier()
    Result.objects.filter(source="shanok-2024", events=53).update(events=52)

    said = run_command()

    assert "shanok-2024" in said
    assert Result.objects.filter(source="shanok-2024", events=52).exists()


def test_change_of_the_dossier_is_taken_over() -> None:
    load_own_dossier()
    newer = with_source(load_dossier(), "philip-2016", findings="New words.")

    report = load_evidence(evidence=newer)

    assert report.names[Fate.CHANGED, "source"] == ["philip-2016"]
    assert current_evidence().source("philip-2016").findings == "New words."
    assert report.release is not None
    assert report.release.name == "2026-12.1"


@pytest.mark.both_databases
def test_change_of_both_keeps_the_curators() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(findings="Curated.")

    load_evidence(evidence=with_source(load_dossier(), "philip-2016", findings="New words."))

    assert current_evidence().source("philip-2016").findings == "Curated."


def test_curators_change_stays_after_several_loads() -> None:
    load_own_dossier()
    Source.objects.filter(key="philip-2016").update(findings="Curated.")

    run_command()
    run_command()

    assert current_evidence().source("philip-2016").findings == "Curated."


def test_entry_that_left_the_dossier_is_named_and_kept() -> None:
    extra = make_source(key="gone-2020")
    evidence = load_dossier()
    load_evidence(evidence=evidence.changed(sources=(*evidence.sources, extra)))

    report = load_evidence(evidence=evidence)

    assert report.names[Fate.GONE, "source"] == ["gone-2020"]
    assert Source.objects.filter(key="gone-2020").exists()


def test_withdrawal_changes_the_hash_and_survives_loading() -> None:
    load_own_dossier()
    before = current_evidence().sha256

    withdraw("philip-2016")
    load_own_dossier()

    assert current_evidence().sha256 != before
    assert current_evidence().is_retracted("philip-2016")
    assert current_release_name() == "2026-12.1"


@pytest.mark.both_databases
def test_withdrawal_taken_back_gives_the_old_content_a_new_name() -> None:
    load_own_dossier()
    withdraw("philip-2016")
    author, _ = curators()

    approve(restore_entry(kind=EntryKind.SOURCE, key="philip-2016", by=author, reason="An error."))
    publish()

    assert current_evidence().sha256 == load_dossier().sha256
    assert current_release_name() == "2026-12.2"


def test_draft_of_a_curator_stays_out_of_a_load() -> None:
    load_own_dossier()
    change_source("philip-2016", certainty="very_low")

    report = load_evidence(evidence=with_source(load_dossier(), "senova-2019", note="New."))

    assert report.release is not None
    assert current_evidence().source("senova-2019").note == "New."
    assert current_evidence().source("philip-2016") == load_dossier().source("philip-2016")


def test_release_of_nothing_new_is_none() -> None:
    load_own_dossier()

    assert make_release(evidence=current_evidence(), notes="Nothing.") is None


TWIN = "artms-vs-esketamine-2023"


def dossier_before_it_withdrew() -> EvidenceBase:
    """Our dossier as if it withdrew nothing, and the twin's note said nothing of it."""
    whole = load_dossier().changed(withdrawals=(), retracted=frozenset())
    return with_source(whole, TWIN, note=None)


@pytest.mark.usefixtures("no_evidence")
def test_source_that_the_dossier_withdraws_stays_and_counts_no_more() -> None:
    load_evidence(evidence=dossier_before_it_withdrew())

    report = load_evidence(evidence=load_dossier())

    assert TWIN in report.names[Fate.CHANGED, "source"]
    assert current_evidence().is_retracted(TWIN)
    assert current_evidence().source(TWIN).n == 59
    assert current_evidence().sha256 == load_dossier().sha256


@pytest.mark.usefixtures("no_evidence")
def test_withdrawal_alone_is_a_change_of_the_dossier() -> None:
    evidence = load_dossier()
    load_evidence(evidence=evidence.changed(withdrawals=(), retracted=frozenset()))

    report = load_evidence(evidence=evidence)

    assert report.names[Fate.CHANGED, "source"] == sorted(evidence.retracted)
    assert current_evidence().is_retracted(TWIN)


def test_withdrawal_of_the_dossier_that_curators_took_back_stays_taken_back() -> None:
    load_own_dossier()
    author, _ = curators()
    approve(restore_entry(kind=EntryKind.SOURCE, key=TWIN, by=author, reason="Two studies."))
    publish()

    load_evidence(evidence=load_dossier())
    load_evidence(evidence=with_source(load_dossier(), TWIN, note="A new note."))

    assert not current_evidence().is_retracted(TWIN)
    assert current_evidence().source(TWIN).note == "A new note."


@pytest.mark.usefixtures("no_evidence")
def test_withdrawal_of_a_curator_keeps_its_reason() -> None:
    load_evidence(evidence=load_dossier().changed(withdrawals=(), retracted=frozenset()))
    withdraw(TWIN)
    before = current_evidence().withdrawal(EntryKind.SOURCE, TWIN)

    load_evidence(evidence=load_dossier())

    assert current_evidence().withdrawal(EntryKind.SOURCE, TWIN) == before
