"""Making a report: what was asked for is counted once, printed once, and kept as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from decisions.documents.words.outcome_words import outcome_words
from decisions.documents.words.reading import result_words
from decisions.follow_up.cohorts.collecting import Asked, Collected, collect
from decisions.follow_up.cohorts.document import (
    Line,
    Printer,
    harm,
    missing,
    panels,
    paths,
    quoted,
)
from decisions.follow_up.cohorts.models import CohortReport
from decisions.follow_up.courses.models import Course
from decisions.rules import outcomes
from decisions.rules.loading import CURRENT_EDITION
from decisions.rules.outcomes.cohort import count
from evidence.domain.entries import Claim
from evidence.queries import current_evidence
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.days import say_day

CLAIM = "improvement-888"
"""The claim of the article that this project started from."""


@dataclass(frozen=True)
class Period:
    """The first sessions that are counted, both days included."""

    first: date
    last: date


@transaction.atomic
def make_report(*, clinic: Clinic, option: str, period: Period, actor: User) -> CohortReport:
    """Count the courses of one option, and keep what was found."""
    asked = Asked(clinic, option, period.first, period.last, cut_off=timezone.localdate())
    collected = collect(asked)
    document = as_text(document_of(asked, collected))
    report = CohortReport.objects.create(
        clinic=clinic,
        option=option,
        from_on=period.first,
        to_on=period.last,
        cut_off=asked.cut_off,
        definitions_version=outcome_words().version,
        code_version=version_of_program(),
        document=document,
        sha256=sha256(document.encode()).hexdigest(),
        rows=[one.model_dump(mode="json") for one in collected.rows],
        made_at=timezone.now(),
        made_by=actor,
    )
    record_event(
        action="outcomes.counted",
        actor=actor,
        clinic=clinic,
        object_type="outcomes",
        object_id=report.pk,
    )
    return report


def as_text(document: Line) -> str:
    """One spelling, so that the same report has the same hash."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1)


@cache
def version_of_program() -> str:
    """Of the code that collects and counts: changes with each of its files."""
    digest = sha256()
    for folder in (Path(outcomes.__path__[0]), Path(__file__).parent):
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def document_of(asked: Asked, collected: Collected) -> Line:
    """Everything that the page of a report prints."""
    words = outcome_words()
    said = {
        "option": Course.Option(asked.option).label,
        "first": say_day(asked.first),
        "last": say_day(asked.last),
    }
    printer = Printer(count(collected.rows))
    tables = panels(printer)
    return {
        "title": words.report["title"].format(**said),
        "says": [words.report["uncontrolled"], words.report["no_comparison"]],
        "notes": list(_notes(printer, has_more=collected.again > 0)),
        "panels": tables,
        "worse_at_most": words.report["worse_at_most"],
        "harm": {"name": words.report["harm"], "rows": harm(printer)},
        "missing": {
            "name": words.report["who_is_missing"],
            "heads": tables[0]["heads"],
            "rows": missing(printer),
        },
        "path": {"name": words.report["path"], **paths(printer, _options())},
        "quoted": {"name": words.report["quote_head"], "text": quoted(printer, said)},
        "claim": _claim(),
        "facts": _facts(asked),
        "definitions": [one.model_dump() for one in words.definitions],
    }


def _notes(printer: Printer, *, has_more: bool) -> Iterator[str]:
    words = printer.words
    yield words["hiding"]
    if printer.has_few:
        yield words["few"]
    if has_more:
        yield words["once"]


def _options() -> Mapping[str, str]:
    return {key: str(value) for key, value in result_words(CURRENT_EDITION).options.items()}


def _claim() -> Line:
    """The claim as the evidence of today has it, beside what such a claim has to show."""
    words = outcome_words()
    found: Claim | None = next((one for one in current_evidence().claims if one.id == CLAIM), None)
    return {
        "name": words.report["claim_head"],
        "claim": found.claim if found else "",
        "why": found.why if found else "",
        "source": found.source if found else "",
        "asks": list(words.asked_of_a_claim),
    }


def _facts(asked: Asked) -> list[list[str]]:
    words = outcome_words()
    report = words.report
    return [
        [report["clinic"], asked.clinic.name],
        [report["cut_off"], say_day(asked.cut_off)],
        [report["definitions_version"], report["version"].format(version=words.version)],
        [report["code_version"], version_of_program()],
        [report["evidence"], current_evidence().release],
    ]
