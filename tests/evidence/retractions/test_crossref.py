"""What records say of a work: both directions, each type, and what cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidence.domain.doi import same_doi
from evidence.retractions.crossref import (
    Finding,
    Outcome,
    RecordsRefused,
    find,
    read_records,
)
from tests.collecting import for_each
from tests.evidence.retractions.works import (
    NOTICE,
    WORK,
    answer_with,
    list_of,
    make_update,
    make_work,
)

TYPES = {
    "retraction": Outcome.RETRACTED,
    "removal": Outcome.RETRACTED,
    "withdrawal": Outcome.RETRACTED,
    "expression_of_concern": Outcome.CONCERN,
    "Expression of Concern": Outcome.CONCERN,
    "correction": Outcome.CORRECTION,
    "corrigendum": Outcome.CORRECTION,
    "erratum": Outcome.CORRECTION,
    "partial_retraction": Outcome.OTHER,
    "something new": Outcome.OTHER,
}


def found(*documents: Any, doi: str = WORK) -> Finding:
    """What these documents, one a line, say of a work."""
    text = "\n".join(json.dumps(one) for one in documents)
    return find(doi, read_records(text), missing="It is missing.")


def notice_about(doi: str, kind: str = "retraction") -> Any:
    """The record of a notice."""
    return make_work(NOTICE, title=["Notice"], update_to=[make_update(doi=doi, kind=kind)])


@for_each(("kind", "outcome"), TYPES.items())
def test_type_is_told_apart_in_the_record_of_the_work(kind: str, outcome: Outcome) -> None:
    work = make_work(updated_by=[make_update(doi=NOTICE, kind=kind)])

    finding = found(work)

    assert finding.outcome is outcome
    assert finding.is_complete
    assert finding.notice is not None
    assert (finding.notice.doi, finding.notice.on) == (NOTICE, "2010-02-06")


@for_each(("kind", "outcome"), TYPES.items())
def test_type_is_told_apart_in_the_record_of_the_notice(kind: str, outcome: Outcome) -> None:
    finding = found(make_work(), notice_about(WORK, kind))

    assert finding.outcome is outcome
    assert finding.notice is not None
    assert finding.notice.doi == NOTICE


def test_notice_alone_is_found_and_not_complete() -> None:
    finding = found(notice_about(WORK.upper()))

    assert (finding.outcome, finding.is_complete) == (Outcome.RETRACTED, False)


def test_work_that_is_itself_a_notice_is_not_retracted_by_it() -> None:
    finding = found(notice_about(WORK), doi=NOTICE)

    assert finding.outcome is Outcome.NOTHING_FOUND


def test_notice_about_another_work_says_nothing() -> None:
    assert found(make_work(), notice_about("10.1/other")).outcome is Outcome.NOTHING_FOUND


def test_missing_record_is_could_not_check() -> None:
    finding = found(make_work("10.1/other"))

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert finding.detail == "It is missing."


def test_gravest_notice_stands_and_the_others_are_named() -> None:
    finding = found(
        make_work(
            updated_by=[
                make_update(doi="10.1/c", kind="correction"),
                make_update(doi=NOTICE, kind="retraction"),
                make_update(doi="10.1/e", kind="expression_of_concern"),
            ]
        )
    )

    assert finding.outcome is Outcome.RETRACTED
    assert finding.detail == (
        "Also: expression of concern, 10.1/e, 2010-02-06. Also: correction, 10.1/c, 2010-02-06."
    )


@for_each(
    "document",
    [
        make_work(),
        answer_with(make_work()),
        list_of(make_work("10.1/other"), make_work()),
        [make_work("10.1/other"), make_work()],
        [answer_with(make_work("10.1/other")), answer_with(make_work())],
    ],
    ids=["work", "answer", "search", "list", "list of answers"],
)
def test_every_shape_is_read(document: Any) -> None:
    text = json.dumps(document, indent=1)

    finding = find(WORK, read_records(text), missing="It is missing.")

    assert finding.outcome is Outcome.NOTHING_FOUND


@for_each(
    "broken",
    [
        {"DOI": None, "update-to": [make_update(doi=WORK)]},
        {"DOI": NOTICE, "update-to": {"DOI": WORK}},
        {"DOI": NOTICE, "update-to": [{"DOI": WORK}]},
        {"DOI": NOTICE, "update-to": [WORK]},
        f"about {WORK}",
    ],
)
def test_unreadable_record_that_names_the_work_is_could_not_check(broken: Any) -> None:
    finding = found(make_work(), broken)

    assert finding.outcome is Outcome.COULD_NOT_CHECK
    assert "could not be read" in finding.detail


def test_unreadable_own_record_is_could_not_check() -> None:
    finding = found(make_work(updated_by="retraction"), make_work("10.1/other"))

    assert finding.outcome is Outcome.COULD_NOT_CHECK


def test_unreadable_record_of_another_work_is_no_matter() -> None:
    assert found(make_work(), {"DOI": "10.1/other", "update-to": 5}).outcome is (
        Outcome.NOTHING_FOUND
    )


@for_each(
    ("updated", "on"),
    [
        ({"date-parts": [[2010]]}, "2010"),
        ({"date-parts": [[2010, 2]]}, "2010-02"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": []}, ""),
        ("yesterday", ""),
        (None, ""),
    ],
)
def test_notice_counts_whatever_its_day_says(updated: Any, on: str) -> None:
    finding = found(make_work(updated_by=[{**make_update(doi=NOTICE), "updated": updated}]))

    assert finding.outcome is Outcome.RETRACTED
    assert finding.notice is not None
    assert finding.notice.on == on


@pytest.mark.parametrize(
    "title", ["RETRACTED: A trial", "Withdrawn: A trial", "[Retracted article: A"]
)
def test_marked_title_is_a_notice(title: str) -> None:
    assert found(make_work(title=[title])).outcome is Outcome.OTHER


@pytest.mark.parametrize("title", ["Retracted papers: a review", "A trial (not retracted: see)"])
def test_title_about_retractions_is_none(title: str) -> None:
    assert found(make_work(title=[title])).outcome is Outcome.NOTHING_FOUND


@pytest.mark.parametrize("text", ["", "no JSON", "{", '{"DOI": "10.1/a"}\nno JSON\n'])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(RecordsRefused):
        read_records(text)


def test_broken_line_is_named() -> None:
    with pytest.raises(RecordsRefused, match="line 3"):
        read_records('{"DOI": "10.1/a"}\n\n{"DOI": \n{"DOI": "10.1/b"}\n')


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RecordsRefused):
        read_records("[" * 100_000)


@pytest.mark.parametrize("text", ["https://doi.org/10.1/A", "doi:10.1/a", " 10.1/a ", "10.1/A"])
def test_dois_are_compared_in_one_form(text: str) -> None:
    assert same_doi(text) == "10.1/a"
