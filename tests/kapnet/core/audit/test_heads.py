"""A chain for each clinic, the heads that are noted of all, and what `audit verify` starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from decisions.exit.chains import links_of
from kapnet.core.audit import noting
from kapnet.core.audit.chain import CLOSED, FIELDS, INSTALLATION, before_the_first, link_hash
from kapnet.core.audit.models import Event, Link, NotedHead
from kapnet.core.audit.noting import all_chains, note_heads
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.audit.verifying import Head, head_of, name_of
from kapnet.core.people.models import Clinic
from tests.collecting import for_each
from tests.factories import make_clinic
from tests.kapnet.core.audit.test_chain import tamper, write_events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

OTHER = UUID("11111111-1111-4111-8111-111111111111")


def run_audit(*words: str) -> str:
    out = StringIO()
    call_command("audit", *words, stdout=out, stderr=out)
    return out.getvalue()


def links_again(chain: UUID, clinic: Clinic) -> None:
    """Make every link of a chain, as somebody could who has all rights."""
    previous = before_the_first(chain)
    events = Event.objects.filter(clinic=clinic).order_by("pk").values_list(*FIELDS)
    for sequence, values in enumerate(events, 1):
        sha256 = link_hash(sequence, previous, values)
        Link.objects.create(
            chain=chain,
            sequence=sequence,
            event_id=values[0],
            previous_sha256=previous,
            sha256=sha256,
        )
        previous = sha256


def test_each_clinic_has_a_chain_that_begins_with_itself() -> None:
    north, south = make_clinic(name="North"), make_clinic(name="South")
    for clinic in (north, south, north):
        write_events(2, clinic)
    Event.objects.create(action="a.b", object_type="c")

    ends = {chain: head_of(chain).sequence for chain in all_chains()}

    assert ends == {INSTALLATION: 1, north.pk: 4, south.pk: 2}
    firsts = Link.objects.filter(sequence=1).values_list("chain", "previous_sha256")
    assert dict(firsts) == {chain: before_the_first(chain) for chain in ends}
    assert check_chains().problems == []


LINK, EVENT = "DELETE FROM audit_link WHERE ", "DELETE FROM audit_event WHERE "
NOTED_BY_NOBODY = (
    "INSERT INTO audit_notedhead (chain, sequence, sha256, is_verified, noted_at) "
    "VALUES ('{chain}', 1, 'x', true, '2026-01-02 03:04:05')"
)
CUT = "The chain of clinic {short} ends at 3, and 5 was noted: what came after is gone."
TAMPERED = (
    (("UPDATE audit_event SET reason = 'x' WHERE id = {second}",), "was changed or moved"),
    ((LINK + "event_id = {second}", EVENT + "id = {second}"), "Event 2 of {name} is gone."),
    ((LINK + "event_id = {last}",), "was inserted past {name}."),
    (
        ("UPDATE audit_link SET chain = '{elsewhere}' WHERE event_id = {last}",),
        "Event 1 of the chain of clinic 11111111-1111-4111-8111-111111111111 is gone.",
    ),
    (("UPDATE audit_event SET clinic_id = NULL WHERE id = {second}",), "was changed or moved"),
    ((LINK + "sequence > 3", EVENT + "id > {third} AND clinic_id = '{chain}'"), CUT),
    ((LINK + "chain = '{chain}'", EVENT + "clinic_id = '{chain}'"), "ends at 0, and 5 was noted"),
    ((NOTED_BY_NOBODY,), "no event of the audit log names"),
    (
        ("UPDATE audit_notedhead SET sequence = 4 WHERE chain = '{chain}'",),
        "What was noted of {name} is not what event",
    ),
    (("DELETE FROM audit_notedhead",), "Heads that event"),
)
"""What somebody does who may switch the triggers off, and what is said of it."""


@pytest.fixture
def events() -> list[Event]:
    """Of the clinic that is tampered with, beside another. What was noted is the last of all."""
    write_events(2, make_clinic(name="South"))
    note_heads()
    own = write_events(5, make_clinic(name="North"))
    with transaction.atomic():
        note_heads()
    return own


@for_each(("statements", "said"), TAMPERED, undone=True)
def test_what_was_done_to_one_clinic_is_found_and_it_is_named(
    events: list[Event], statements: tuple[str, ...], said: str
) -> None:
    clinic = events[0].clinic
    assert clinic is not None
    named = {"second": events[1].pk, "third": events[2].pk, "last": events[-1].pk}
    ids = {"chain": as_stored(clinic.pk), "elsewhere": as_stored(OTHER)}

    tamper(*(one.format(**ids, **named) for one in statements))

    name, problems = name_of(clinic.pk), check_chains().problems
    expected = said.format(name=name, short=name.removeprefix("the chain of clinic "))
    assert any(expected in one for one in problems), problems
    assert "South" not in "".join(problems)


def as_stored(chain: UUID) -> str:
    return str(chain) if connection.vendor == "postgresql" else chain.hex


def test_verify_starts_at_a_head_that_was_verified_and_whole_at_the_beginning() -> None:
    clinic = make_clinic()
    events = write_events(4, clinic)

    head = run_audit("head").strip()
    assert not NotedHead.objects.filter(is_verified=True).exists()
    assert "2 of 2 chains hold" in run_audit("verify", "--note", "--head", head)
    verified = NotedHead.objects.get(is_verified=True)
    assert Head(verified.sequence, verified.sha256) == head_of(clinic.pk)
    assert run_audit("head") == run_audit("head")
    write_events(2, clinic)
    assert "Nothing was changed" in run_audit("verify", "--note", "--at-once", "1", "--head", head)

    tamper("UPDATE audit_event SET reason = 'x' WHERE id = %(id)s", id=events[1].pk)

    assert "Nothing was changed" in run_audit("verify")
    with pytest.raises(CommandError):
        run_audit("verify", "--whole")
    assert [one[:7] for one in check_chains().problems] == ["Event 2"]


def test_heads_that_are_noted_while_all_is_read_are_no_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinic, read = make_clinic(), noting._said

    def then_somebody_notes(events: QuerySet[Event]) -> Iterator[tuple[int, str, str]]:
        found = list(read(events))
        write_events(1, clinic)
        note_heads()
        return iter(found)

    monkeypatch.setattr(noting, "_said", then_somebody_notes)

    assert [noting.problem_of_notes() for _ in range(2)] == ["", ""]


def test_end_removed_and_chains_written_anew_are_found_by_the_head_of_all_noted_elsewhere() -> None:
    clinic = make_clinic()
    write_events(5, clinic)
    noted = note_heads()
    last = Event.objects.get(clinic=None)

    tamper(
        "DELETE FROM audit_notedhead",
        "DELETE FROM audit_link",
        "DELETE FROM audit_event WHERE id = %(id)s",
        id=last.pk,
    )
    tamper("UPDATE audit_event SET reason = 'x'")
    links_again(clinic.pk, clinic)

    assert check_chains().problems == []
    (cut,) = check_chains(noted).problems
    assert cut.startswith("The chain ends at 0, and 1 was noted")
    Event.objects.create(action="a.b", object_type="c")
    (other,) = check_chains(noted).problems
    assert other == "Event 1 of the chain is not the one that was noted."


@pytest.mark.long
def test_chains_are_followed_by_processes_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kapnet.core.audit.side_by_side.WORTH_A_PROCESS", 1)
    clinics = [make_clinic(name=f"Clinic {number}") for number in range(3)]
    for clinic in clinics:
        events = write_events(3, clinic)
    tamper("UPDATE audit_event SET reason = 'x' WHERE id = %(id)s", id=events[1].pk)

    found = check_chains(at_once=2)

    assert found.problems == check_chains(at_once=1).problems
    assert [one.split(" (id")[0] for one in found.problems] == [f"Event 2 of {name_of(clinic.pk)}"]


def test_closed_chain_ends_where_it_was_closed(migrated_with_events: Callable[[], None]) -> None:
    migrated_with_events()

    first = Event.objects.get(action="audit.chain_closed")
    assert first.reason == str(head_of(CLOSED))
    assert first.link.sequence == 1
    assert head_of(CLOSED).sequence == 3
    assert check_chains().problems == []
    assert "3 of 3 chains hold" in run_audit("verify", "--note")
    clinic, last = Clinic.objects.get(), Event.objects.latest("pk").pk
    taken_along = [list(links_of(clinic, chain, last)) for chain in (CLOSED, clinic.pk)]
    assert [len(one) for one in taken_along] == [3, 2]

    tamper("DELETE FROM audit_link WHERE sequence = 3", "DELETE FROM audit_notedhead")
    problems = check_chains().problems
    assert any(one.startswith("The closed chain ends at 2:") for one in problems), problems

    tamper(
        LINK + f"chain = '{as_stored(CLOSED)}'",
        EVENT + "id NOT IN (SELECT event_id FROM audit_link)",  # noqa: S608 - of this test
    )
    problems = check_chains().problems
    assert any(one.startswith("The closed chain ends at 0:") for one in problems), problems


@pytest.fixture
def migrated_with_events() -> Callable[[], None]:
    """Go back to one chain, record events in it, and come forward again."""

    def migrate() -> None:
        call_command("migrate", "audit", "0002", verbosity=0)
        clinic = make_clinic()
        with connection.cursor() as cursor:
            for number in range(3):
                cursor.execute(
                    "INSERT INTO audit_event (at, clinic_id, action, object_type, object_id, "
                    "outcome, reason, reference) VALUES "
                    "('2026-01-02 03:04:05.678901', %s, 'a.b', 'c', %s, 'done', '', '')",
                    [as_stored(clinic.pk), str(number)],
                )
        call_command("migrate", verbosity=0)
        write_events(2, clinic)

    return migrate
