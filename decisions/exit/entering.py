"""A clinic enters an empty installation: everything of its file, or nothing.

Rows are inserted as they were, with all triggers on: these forbid changes, and nothing is changed.
Events get their links in the chain of this installation, and keep those of the earlier one closed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Max, Model, OuterRef, Q
from django_scopes import scopes_disabled

from decisions.exit.chains import problem_of
from decisions.exit.entering_evidence import Evidence, enter_evidence
from decisions.exit.models import EnteredChain, EnteredLink
from decisions.exit.reading import EnterRefused, Opened
from decisions.exit.rows import RowProblem, as_object
from decisions.exit.tables import (
    EVENT,
    LETTER,
    OF_A_CASE,
    OF_THE_CLINIC,
    PERSON,
    Table,
    table,
)
from decisions.letters.models import Letter
from decisions.letters.verification.kept_as_signed import letters_not_as_signed
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.encryption.blind_index import BlindIndexField, make_mirror
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.of_a_clinic import OfAClinic

ROWS_AT_ONCE, LETTERS_AT_ONCE = 200, 10
ENTERED: Final = "clinic.entered"
TASK: Final = "letters.lettertask"
NOT_EMPTY = (
    "This installation is not empty: it has {what}. A clinic enters an installation that has none. "
    "Nothing was changed."
)
NEVER_A_SECRET: Mapping[str, str] = {
    "form_links.formlink": "token_sha256",
    "desk.replylink": "code_sha256",
}
"""Where the hash of a secret was left behind: one of no secret."""


@dataclass
class Entering:
    """What is known while rows come in."""

    opened: Opened
    evidence: Evidence = field(default_factory=Evidence)
    event_offset: int = 0


def enter(opened: Opened) -> Clinic:
    """Take a checked archive in. Raises EnterRefused, and then nothing was changed."""
    try:
        with scopes_disabled(), transaction.atomic():
            refuse_unless_empty()
            return _enter(Entering(opened))
    except RowProblem as problem:
        raise EnterRefused(f"{problem} Nothing was changed.") from problem
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        raise EnterRefused(
            f"The rows of the file do not fit together: {_first_line(error)} Nothing was changed."
        ) from error


def _first_line(error: Exception) -> str:
    """What the database says, without the values that it may add below."""
    said = str(error).splitlines() if isinstance(error, DatabaseError) else []
    return f"{said[0]:.200}." if said else f"{type(error).__name__}."


def refuse_unless_empty() -> None:
    """Only accounts that keep the installation, and their events, may be there."""
    for label in (*OF_THE_CLINIC, *OF_A_CASE):
        if table(label).model._base_manager.exists():
            name = table(label).model._meta.verbose_name_plural
            raise EnterRefused(NOT_EMPTY.format(what=name))
    keeps = Q(is_superuser=True) | Q(is_evidence_admin=True) | Q(is_staff=True)
    if User.objects.exclude(keeps).exists():
        raise EnterRefused(NOT_EMPTY.format(what="accounts of people"))
    if EnteredChain.objects.exists() or Event.objects.filter(clinic__isnull=False).exists():
        raise EnterRefused(NOT_EMPTY.format(what="the audit log of a clinic"))


def _enter(entering: Entering) -> Clinic:
    opened, clinic_id = entering.opened, entering.opened.manifest.clinic.id
    _enter_file(entering, "records/people.jsonl", {PERSON})
    entering.evidence = enter_evidence(opened.lines("evidence/releases.jsonl"))
    _enter_file(entering, "records/clinic.jsonl", set(OF_THE_CLINIC))
    for name in opened.parts("records/cases-"):
        _enter_file(entering, name, set(OF_A_CASE))
    _enter_audit_log(entering)
    clinics = list(Clinic.objects.all())
    if [one.pk for one in clinics] != [clinic_id]:
        raise EnterRefused("The file holds other clinics than its own. Nothing was changed.")
    _renew_numbers()
    connection.check_constraints()
    _check(opened)
    record_event(
        action=ENTERED,
        actor=None,
        clinic=clinics[0],
        object_type="exit",
        object_id=opened.manifest.exit,
        reason=f"{opened.manifest.cases} cases",
    )
    return clinics[0]


def _enter_file(entering: Entering, name: str, allowed: set[str]) -> None:
    """The rows of one file, in the order in which it has them."""
    for label, lines in groupby(entering.opened.lines(name), key=_label_of):
        if label not in allowed:
            raise EnterRefused(f"{name} has rows of {label!r}. Nothing was changed.")
        of, prepare = table(label), PREPARED.get(label)
        at_once = LETTERS_AT_ONCE if label == LETTER else ROWS_AT_ONCE
        while some := [as_object(of, line.get("row")) for line in islice(lines, at_once)]:
            for row in some:
                if isinstance(row, OfAClinic) and not row.clinic_id:  # of an earlier version
                    row.clinic_id = entering.opened.manifest.clinic.id
                if prepare is not None:
                    prepare(entering, row)
            insert(of, some)


def _label_of(line: object) -> str:
    return str(line.get("table")) if isinstance(line, dict) else ""


def insert(of: Table, rows: list[Any]) -> None:
    """Store rows as they are, with what is made by the keys of this installation."""
    fields = of.model._meta.concrete_fields
    indexes = [one for one in fields if isinstance(one, BlindIndexField)]
    for column in indexes:
        for row in rows:
            column.pre_save(row, True)
    size = connection.ops.bulk_batch_size(fields, rows)
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        # raw: no moment of today takes the place of the one that a row has.
        manager: Any = of.model._base_manager
        manager.all()._insert(some, fields=fields, using=connection.alias, raw=True)
    for column in indexes:
        if column.mirror:
            make_mirror(rows, column)


# What rows get here


def _person(entering: Entering, row: Any) -> None:
    """Nobody comes with a password, or with a right over the installation."""
    row.password = make_password(None)
    if not row.email:
        row.email = f"{row.pk}@elsewhere.invalid"
    row.email = str(row.email).lower()
    if User.objects.filter(email=row.email).exists():
        raise EnterRefused(
            "Somebody in the file has the email address of an account that is here already. "
            "Change that account's address first. Nothing was changed."
        )


def _letter(entering: Entering, row: Any) -> None:
    if row.status == Letter.Status.SIGNED:
        row.pdf = entering.opened.read(f"letters/{row.number}.pdf")


def _task(entering: Entering, row: Any) -> None:
    row.release_id = entering.evidence.release(row.release_id)
    row.edition_release_id = entering.evidence.edition(row.edition_release_id)


def _event(entering: Entering, row: Any) -> None:
    if row.clinic_id != entering.opened.manifest.clinic.id:
        raise EnterRefused("An event of the file is not of its clinic. Nothing was changed.")
    row.pk += entering.event_offset


def _secret_of_nobody(entering: Entering, row: Any) -> None:
    setattr(row, NEVER_A_SECRET[row._meta.label_lower], secrets.token_hex(32))


PREPARED: Final[Mapping[str, Callable[[Entering, Any], None]]] = {
    PERSON: _person,
    LETTER: _letter,
    TASK: _task,
    EVENT: _event,
    **dict.fromkeys(NEVER_A_SECRET, _secret_of_nobody),
}


# The audit log


def _enter_audit_log(entering: Entering) -> None:
    """Events keep their numbers, or get higher ones where the owner's events have these."""
    entering.event_offset = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    _enter_file(entering, "audit/events.jsonl", {EVENT})
    for place, said in enumerate(entering.opened.manifest.chains, start=1):
        chain = EnteredChain.objects.create(
            pk=said.id,
            clinic_id=entering.opened.manifest.clinic.id,
            place=place,
            links=said.links,
            sha256=said.sha256,
        )
        links = _links(entering, chain, said.file)
        while some := list(islice(links, ROWS_AT_ONCE)):
            EnteredLink.objects.bulk_create(some)


def _links(entering: Entering, chain: EnteredChain, file: str) -> Iterator[EnteredLink]:
    for line in entering.opened.lines(file):
        try:
            yield EnteredLink(
                chain=chain,
                event_id=int(line["event"]) + entering.event_offset,
                was_id=int(line["id"]),
                sequence=int(line["sequence"]),
                previous_sha256=str(line["previous"]),
                sha256=str(line["sha256"]),
            )
        except (KeyError, TypeError, ValueError):
            raise EnterRefused(f"{file} has a line that is no link. Nothing was changed.") from None


# At the end


def _renew_numbers() -> None:
    """Counters of the database go on after the highest number that came in."""
    models: list[type[Model]] = [table(one).model for one in (*OF_A_CASE, *OF_THE_CLINIC, EVENT)]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def _check(opened: Opened) -> None:
    """Whether all came in, and is what was written and signed."""
    counts = opened.manifest.counts
    for label in (*OF_A_CASE, *OF_THE_CLINIC):
        there, said = table(label).model._base_manager.count(), counts.get(label, 0)
        if there != said:
            raise EnterRefused(
                f"The file names {said} rows of {label} and holds {there}. Nothing was changed."
            )
    for chain in EnteredChain.objects.order_by("place"):
        if problem := problem_of(chain):
            raise EnterRefused(
                f"The audit log of the file is broken: {problem} Nothing was changed."
            )
    for problem in letters_not_as_signed():
        raise EnterRefused(f"{problem} Nothing was changed.")
    events = Event.objects.filter(clinic__isnull=False)
    linked = EnteredLink.objects.filter(event_id=OuterRef("pk"))
    if events.count() != counts.get(EVENT, 0) or events.exclude(Exists(linked)).exists():
        raise EnterRefused("The audit log of the file is not whole. Nothing was changed.")
