"""Asking Crossref: both sides, and every way in which there is no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from evidence import web
from evidence.retractions.crossref import Outcome
from evidence.retractions.fetching import fetch_finding
from evidence.web import FetchFailed, refuse_other_hosts
from tests.evidence.retractions.crossref_server import Answers, crossref_server
from tests.evidence.retractions.works import (
    NOTICE,
    WORK,
    answer_with,
    list_of,
    make_update,
    make_work,
)


@pytest.fixture
def server(settings: Settings) -> Iterator[Answers]:
    with crossref_server() as answers:
        settings.CROSSREF_ADDRESS = answers.address
        settings.CROSSREF_HOSTS = ["127.0.0.1"]
        answers.of_work[WORK] = answer_with(make_work())
        answers.of_notices[WORK] = list_of()
        yield answers


def test_both_sides_are_asked(server: Answers) -> None:
    finding = fetch_finding(WORK)

    assert (finding.outcome, finding.is_complete) == (Outcome.NOTHING_FOUND, True)
    assert len(server.asked) == 2


def test_retraction_in_the_own_record_is_found(server: Answers) -> None:
    work = make_work(updated_by=[make_update(doi=NOTICE)])
    server.of_work[WORK] = answer_with(work)

    assert fetch_finding(WORK).outcome is Outcome.RETRACTED


def test_retraction_in_the_notice_is_found(server: Answers) -> None:
    notice = make_work(NOTICE, update_to=[make_update(doi=WORK)])
    server.of_notices[WORK] = list_of(notice)

    assert fetch_finding(WORK).outcome is Outcome.RETRACTED


@pytest.mark.parametrize("side", ["of_work", "of_notices"])
def test_one_side_without_an_answer_is_could_not_check(server: Answers, side: str) -> None:
    getattr(server, side).clear()

    finding = fetch_finding(WORK)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "404" in finding.detail


def test_retraction_on_one_side_counts_though_the_other_fails(server: Answers) -> None:
    server.of_work[WORK] = answer_with(make_work(updated_by=[make_update(doi=NOTICE)]))
    server.of_notices.clear()

    finding = fetch_finding(WORK)

    assert (finding.outcome, finding.is_complete) == (Outcome.RETRACTED, False)


def test_notices_that_were_left_out_make_it_incomplete(server: Answers) -> None:
    server.of_notices[WORK] = list_of(total=70)

    finding = fetch_finding(WORK)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "Of 70 notices 0 were read." in finding.detail


@pytest.mark.parametrize("status", [429, 500, 503])
def test_error_is_could_not_check(server: Answers, status: int) -> None:
    server.status = status

    finding = fetch_finding(WORK)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert str(status) in finding.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[1]", b'{"status": "failed"}'])
def test_answer_that_is_not_crossrefs_is_could_not_check(server: Answers, body: bytes) -> None:
    server.body = body

    assert fetch_finding(WORK).outcome is Outcome.COULD_NOT_CHECK


def test_record_of_another_work_is_could_not_check(server: Answers) -> None:
    server.of_work[WORK] = answer_with(make_work("10.1/other"))

    assert fetch_finding(WORK).outcome is Outcome.COULD_NOT_CHECK


def test_long_answer_is_not_read(server: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 1000)
    server.body = b" " * 1001

    assert "longer than 1000" in fetch_finding(WORK).detail


def test_slow_answer_is_not_waited_for(server: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.05)
    server.seconds = 0.5

    finding = fetch_finding(WORK)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "no answer in time" in finding.detail


def test_redirect_to_another_host_is_not_followed(server: Answers) -> None:
    with crossref_server() as other:
        other.body = b"{}"
        server.status, server.headers = 302, {"Location": f"{other.address}/works"}

        finding = fetch_finding(WORK)

        assert other.asked == []
    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "another host" in finding.detail


def test_redirect_within_the_host_ends(server: Answers) -> None:
    server.status, server.headers = 302, {"Location": "/works/again"}
    server.body = b"{}"

    assert fetch_finding(WORK).outcome is Outcome.COULD_NOT_CHECK
    assert len(server.asked) < 15


def test_nobody_there_is_could_not_check(settings: Settings) -> None:
    with crossref_server() as answers:
        settings.CROSSREF_ADDRESS = answers.address
    settings.CROSSREF_HOSTS = ["127.0.0.1"]

    finding = fetch_finding(WORK)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "could not be reached" in finding.detail


def test_host_that_is_not_named_is_not_asked(server: Answers, settings: Settings) -> None:
    settings.CROSSREF_HOSTS = ["api.crossref.org"]

    assert "not among those that may be asked" in fetch_finding(WORK).detail
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://api.crossref.org/works",
        "https://api.crossref.org.evil.example/works",
        "https://api.crossref.org@evil.example/works",
        "file:///etc/passwd",
    ],
)
def test_address_is_refused(address: str) -> None:
    with pytest.raises(FetchFailed):
        refuse_other_hosts(address, ["api.crossref.org"])
