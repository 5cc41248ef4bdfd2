"""The command, what it leaves to do, and what the page of a source says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from pytest_django import Settings

from evidence.models import Source
from evidence.queries import current_evidence
from evidence.retractions.actions import check_by_fetching
from evidence.retractions.models import RetractionCheck
from evidence.retractions.to_do import retraction_checks
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import approve, change_source, load_own_dossier, publish
from tests.evidence.evidence_factories import withdraw as withdraw_source
from tests.evidence.retractions.crossref_server import crossref_server
from tests.evidence.retractions.works import NOTICE, answer_with, list_of, make_update, make_work

pytestmark = pytest.mark.django_db

KEY = "philip-2016"


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


def all_works(**fields: Any) -> list[Any]:
    """A clean record of every source with a DOI; that of KEY has these fields besides."""
    rows = Source.objects.exclude(doi="").values_list("key", "doi")
    return [make_work(doi, **(fields if key == KEY else {})) for key, doi in rows]


def check(folder: Path, works: list[Any]) -> str:
    """Run the command over a file of these records."""
    file = folder / "works.json"
    file.write_text(json.dumps(works), encoding="utf-8")
    out = StringIO()
    call_command("check_retractions", str(file), stdout=out)
    return out.getvalue()


def to_do_about(key: str | None) -> list[str]:
    return [one.sentence for one in retraction_checks(current_evidence()) if one.key == key]


def page_of(client: Client, key: str = KEY) -> str:
    return client.get(f"/evidence/{key}/").content.decode()


RETRACTED = {"updated_by": [make_update(doi=NOTICE)]}
CORRECTED = {"updated_by": [make_update(doi=NOTICE, kind="correction")]}


def test_clean_records_are_nothing_found(tmp_path: Path) -> None:
    out = check(tmp_path, all_works())

    assert f"{KEY}: nothing found\n" in out
    assert set(RetractionCheck.objects.values_list("outcome", flat=True)) == {"nothing_found"}
    without = Source.objects.filter(doi="")
    assert without.exists()
    for source in without:
        assert f"{source.key}: cannot be checked this way" in out
        assert not RetractionCheck.objects.filter(source_key=source.key).exists()
    assert list(retraction_checks(current_evidence())) == []


def test_retraction_is_found_and_withdraws_nothing(tmp_path: Path) -> None:
    out = check(tmp_path, all_works(**RETRACTED))

    assert f"{KEY}: retracted (retraction, {NOTICE}, 2010-02-06)" in out
    assert not current_evidence().is_retracted(KEY)
    [line] = to_do_about(KEY)
    assert NOTICE in line
    assert "withdraw the source" in line


def test_missing_record_is_could_not_check_and_to_be_repeated(tmp_path: Path) -> None:
    works = [one for one in all_works() if one["DOI"] != Source.objects.get(key=KEY).doi]

    out = check(tmp_path, works)

    assert f"{KEY}: could not check. The file has no record of it." in out
    [line] = to_do_about(KEY)
    assert "Repeat it." in line


def test_check_that_fails_later_takes_no_finding_away(tmp_path: Path) -> None:
    check(tmp_path, all_works(**RETRACTED))
    check(tmp_path, [make_work("10.1/other")])
    check(tmp_path, all_works())

    assert any("withdraw the source" in line for line in to_do_about(KEY))


def test_crossref_that_names_a_notice_no_more_takes_it_away(
    tmp_path: Path, settings: Settings
) -> None:
    check(tmp_path, all_works(**RETRACTED))

    with crossref_server() as server:
        settings.CROSSREF_ADDRESS, settings.CROSSREF_HOSTS = server.address, ["127.0.0.1"]
        for work in all_works():
            server.of_work[work["DOI"].lower()] = answer_with(work)
            server.of_notices[work["DOI"].lower()] = list_of()
        check_by_fetching(pause=0)

    assert set(
        RetractionCheck.objects.filter(checked_by="fetch").values_list("outcome", flat=True)
    ) == {"nothing_found"}
    assert to_do_about(KEY) == []


def test_withdrawn_source_has_nothing_left_to_do(tmp_path: Path) -> None:
    check(tmp_path, all_works(**RETRACTED))

    withdraw_source(KEY)

    assert to_do_about(KEY) == []


def test_correction_is_done_when_the_note_names_it(tmp_path: Path) -> None:
    check(tmp_path, all_works(**CORRECTED))
    before = to_do_about(KEY)

    approve(change_source(KEY, note=f"Corrected by {NOTICE.upper()}: a table, nothing we use."))
    publish()

    assert len(before) == 1
    assert to_do_about(KEY) == []


def test_note_that_names_a_retraction_is_not_enough(tmp_path: Path) -> None:
    check(tmp_path, all_works(**RETRACTED))

    approve(change_source(KEY, note=f"Retracted by {NOTICE}."))
    publish()

    assert len(to_do_about(KEY)) == 1


def test_sources_never_checked_are_one_line() -> None:
    [line] = to_do_about(None)

    assert "never checked" in line


def test_check_is_due_again_after_six_months(tmp_path: Path) -> None:
    with time_machine.travel(datetime(2026, 1, 10, 12, tzinfo=UTC)):
        check(tmp_path, all_works())
    with time_machine.travel(datetime(2026, 7, 10, 12, tzinfo=UTC)):
        in_time = to_do_about(None)
    with time_machine.travel(datetime(2026, 7, 11, 12, tzinfo=UTC)):
        [late] = to_do_about(None)

    assert in_time == []
    assert "over 6 months ago" in late


def test_check_of_another_doi_says_nothing(tmp_path: Path) -> None:
    check(tmp_path, all_works(**RETRACTED))

    approve(change_source(KEY, doi="10.1/the-right-one"))
    publish()

    assert to_do_about(KEY) == []


@pytest.mark.parametrize("text", ["", "no JSON", '{"DOI": "10.1/a"}\nno JSON'])
def test_file_that_is_no_json_stores_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "works.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match="nothing was stored"):
        call_command("check_retractions", str(file))

    assert not RetractionCheck.objects.exists()


def test_file_that_is_not_there_stores_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_retractions", str(tmp_path / "none.json"))


def test_fetching_is_off_unless_a_setting_allows_it() -> None:
    with pytest.raises(CommandError, match="RETRACTION_FETCH=true"):
        call_command("check_retractions", "--fetch")

    assert not RetractionCheck.objects.exists()


def test_neither_file_nor_fetch_is_refused() -> None:
    with pytest.raises(CommandError, match="Name a file"):
        call_command("check_retractions")


def test_checks_stay_as_they_were(tmp_path: Path) -> None:
    check(tmp_path, all_works())

    with pytest.raises(DatabaseError), transaction.atomic():
        RetractionCheck.objects.update(outcome="nothing_found")


def test_check_is_audited_with_its_counts(tmp_path: Path) -> None:
    check(tmp_path, all_works(**RETRACTED))

    event = Event.objects.get(action="evidence.retractions_checked")
    assert "retracted 1" in event.reason


# The page of a source


def test_page_says_that_nobody_looked(
    client_for: Callable[[User], Client], therapist: User
) -> None:
    assert "Never looked up at Crossref" in page_of(client_for(therapist))


def test_page_says_that_there_is_no_doi(
    client_for: Callable[[User], Client], therapist: User
) -> None:
    source = Source.objects.filter(doi="").first()
    assert source is not None

    assert "It has no DOI" in page_of(client_for(therapist), source.key)


def test_page_says_what_was_found_and_when(
    client_for: Callable[[User], Client], therapist: User, tmp_path: Path
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        check(tmp_path, all_works())
    clean = page_of(client_for(therapist))
    check(tmp_path, all_works(**RETRACTED))
    retracted = page_of(client_for(therapist))

    assert "Checked against Crossref on 20 November 2026, nothing found." in clean
    assert "Crossref names a retraction of it" not in clean
    assert "Crossref names a retraction of it" in retracted
    assert f"https://doi.org/{NOTICE}" in retracted


def test_page_says_that_a_check_could_not_be_made(
    client_for: Callable[[User], Client], therapist: User, tmp_path: Path
) -> None:
    check(tmp_path, [make_work("10.1/other")])

    page = page_of(client_for(therapist))

    assert "could not be fully checked: The file has no record of it." in page
    assert "nothing found" not in page
