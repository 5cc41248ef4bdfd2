"""Everything of a clinic, written into an archive some cases at a time.

Cases come first and what they rest on comes last: while they are written, people and sites may be
added and are never removed, so that nothing in the archive leads to a row that is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from decisions.cases.models import Case, Decision
from decisions.exit.archive import README, Archive, Entry
from decisions.exit.chains import write_chains
from decisions.exit.fhir_lines import write_resources
from decisions.exit.moments import one_moment
from decisions.exit.rows import Line, as_line, written
from decisions.exit.tables import (
    EDITION,
    EVENT,
    OF_A_CASE,
    OF_THE_CLINIC,
    PERSON,
    RELEASE,
    Table,
    table,
)
from decisions.letters.models import Letter, LetterTask
from decisions.rules.loading import edition_ids, load_edition
from evidence.models import Release
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, Membership

CASES_AT_ONCE = 25
ROWS_AT_ONCE = 500

Progress = Callable[[int], None]

SAYS = """Everything of one clinic, as its program keeps it.

fhir/       the patients' records as FHIR R4, one resource a line; an OperationOutcome says of
            which patient something could not be written, and its rows are in records/
letters/    the letters, byte for byte as they were signed
records/    every row of the program: {"table": ..., "row": {...}}, one a line
audit/      the audit log, and the links of its chains
editions/   the questions and rules by which was decided
evidence/   the evidence on which decisions rest
manifest.json  what was taken along, and the SHA-256 of each file

No password, second factor, session, key and no secret of a link is in it.
Another installation takes it in with: manage.py enter FILE
"""


@dataclass
class Written:
    """What is in the archive so far."""

    counts: Counter[str] = field(default_factory=Counter)
    people: set[UUID] = field(default_factory=set)


def write_everything(archive: Archive, clinic: Clinic, note_progress: Progress) -> dict[str, Any]:
    """Write it, and say what it was: for the manifest. In the scope of the clinic."""
    so_far = Written()
    archive.add(README, SAYS.encode())
    cases = list(Case.objects.filter(clinic=clinic).order_by("number").values_list("pk", flat=True))
    for place, start in enumerate(range(0, len(cases), CASES_AT_ONCE), start=1):
        with one_moment():
            _write_cases(archive, cases[start : start + CASES_AT_ONCE], f"{place:05d}", so_far)
        note_progress(min(start + CASES_AT_ONCE, len(cases)))
    with one_moment():
        editions = _write_editions(archive, clinic)
        evidence = _write_evidence(archive, clinic, so_far)
        _write_clinic(archive, clinic, so_far)
        chains = _write_audit_log(archive, clinic, so_far)
        _write_people(archive, clinic, so_far)
    return {
        "clinic": {"id": str(clinic.pk), "name": clinic.name},
        "cases": len(cases),
        "editions": editions,
        "evidence": evidence,
        "chains": chains,
        "counts": dict(sorted(so_far.counts.items())),
    }


def _write_cases(archive: Archive, cases: list[UUID], part: str, so_far: Written) -> None:
    with archive.entry(f"records/cases-{part}.jsonl") as entry:
        for label in OF_A_CASE:
            of_cases = _rows(table(label), f"{table(label).owner}__in", cases)
            _write_rows(entry, table(label), of_cases, so_far)
    signed = Letter.objects.filter(case__in=cases, pdf__isnull=False).order_by("year", "sequence")
    for letter in signed.only("year", "sequence", "pdf").iterator(chunk_size=1):
        archive.add(letter_file(letter), bytes(letter.pdf), is_packed=False)
        so_far.counts["letters as PDF"] += 1
    so_far.counts.update(write_resources(archive, cases, part))


def letter_file(letter: Letter) -> str:
    """The name of its PDF."""
    return f"letters/{letter.number}.pdf"


def _rows(of: Table, owner: str, values: object) -> QuerySet[Any]:
    return of.model._base_manager.filter(**{owner: values}).order_by("pk")


def _write_rows(entry: Entry, of: Table, rows: QuerySet[Any], so_far: Written) -> None:
    for line in _lines(of, rows, so_far):
        entry.write(written(line))


def _lines(of: Table, rows: QuerySet[Any], so_far: Written) -> Iterator[Line]:
    for values in rows.values_list(*of.columns).iterator(chunk_size=ROWS_AT_ONCE):
        so_far.people.update(values[at] for at in of.people if values[at])
        so_far.counts[of.label] += 1
        yield as_line(of, values)


def _write_editions(archive: Archive, clinic: Clinic) -> dict[str, str]:
    """What this program has of the editions that are named."""
    cases, decisions = (
        rows.order_by().values_list("edition", flat=True).distinct()
        for rows in (Case.objects.filter(clinic=clinic), _decisions(clinic))
    )
    known = set(edition_ids())
    found = {}
    for name in sorted({*cases, *decisions}):
        found[name] = ""
        if name in known:
            edition = load_edition(name)
            found[name] = edition.sha256
            archive.add(f"editions/{name}.json", edition.model_dump_json().encode())
    return found


def _decisions(clinic: Clinic) -> QuerySet[Decision]:
    found: QuerySet[Decision] = Decision.objects.filter(clinic=clinic)
    return found


def _write_evidence(archive: Archive, clinic: Clinic, so_far: Written) -> list[dict[str, str]]:
    """The releases on which decisions rest, and those that opened tasks of letters."""
    named = _decisions(clinic).order_by().values("evidence_release", "evidence_sha256").distinct()
    tasks = LetterTask.objects.filter(clinic=clinic).order_by()
    releases = Release.objects.filter(name__in=[one["evidence_release"] for one in named])
    releases |= Release.objects.filter(pk__in=tasks.exclude(release=None).values("release"))
    with archive.entry("evidence/releases.jsonl") as entry:
        of_tasks = tasks.exclude(edition_release=None).values("edition_release")
        for label, asked in ((RELEASE, releases.values("pk")), (EDITION, of_tasks)):
            _write_rows(entry, table(label), _rows(table(label), "pk__in", asked), so_far)
    return sorted(
        ({"name": one["evidence_release"], "sha256": one["evidence_sha256"]} for one in named),
        key=lambda one: (one["name"], one["sha256"]),
    )


def _write_clinic(archive: Archive, clinic: Clinic, so_far: Written) -> None:
    with archive.entry("records/clinic.jsonl") as entry:
        for label in OF_THE_CLINIC:
            of_clinic = _rows(table(label), table(label).owner, clinic.pk)
            _write_rows(entry, table(label), of_clinic, so_far)


def _write_audit_log(archive: Archive, clinic: Clinic, so_far: Written) -> list[dict[str, object]]:
    events = Event.objects.filter(clinic=clinic).order_by("pk")
    last = events.values_list("pk", flat=True).last() or 0
    until = events.filter(pk__lte=last)
    with archive.entry("audit/events.jsonl") as entry:
        _write_rows(entry, table(EVENT), until, so_far)
    return list(write_chains(archive, clinic, last))


def _write_people(archive: Archive, clinic: Clinic, so_far: Written) -> None:
    """Members of the clinic; of others who are named, such as curators, no more than the name.

    Somebody who also keeps the installation arrives switched off: that right does not go along.
    """
    people = table(PERSON)
    members = set(Membership.objects.filter(clinic=clinic).values_list("user_id", flat=True))
    with archive.entry("records/people.jsonl") as entry:
        asked = _rows(people, "pk__in", sorted(members | so_far.people))
        for person in asked.iterator(chunk_size=ROWS_AT_ONCE):
            line = as_line(people, [getattr(person, one) for one in people.columns])
            if person.pk not in members:
                line["row"] = {name: line["row"][name] for name in ("id", "name", "created_at")}
            if person.pk not in members or person.keeps_installation:
                line["row"]["is_active"] = False
            so_far.counts[PERSON] += 1
            entry.write(written(line))
