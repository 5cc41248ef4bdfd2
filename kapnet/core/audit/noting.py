"""The heads of all chains, noted side by side, and one event that binds what was noted.

Each row is hashed with those before it. The event is in the chain of the installation, so that the
end of this one chain, noted elsewhere, is the head of all heads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.chain import CLOSED, INSTALLATION
from kapnet.core.audit.chain_triggers import LOCK
from kapnet.core.audit.models import Event, Link, NotedHead
from kapnet.core.audit.verifying import AT_ONCE, Head, closed_at, head_of, name_of

NOTED = "audit.heads_noted"


def all_chains() -> list[UUID]:
    """Each chain that has a link, or of which a head or an end is known, and the installation's."""
    found = {INSTALLATION, *NotedHead.objects.order_by().values_list("chain", flat=True).distinct()}
    if closed_at():
        found.add(CLOSED)
    # One step of the index for each: the database would read every link to tell them apart.
    links = Link.objects.order_by("chain").values_list("chain", flat=True)
    next_one = links.first()
    while next_one is not None:
        found.add(next_one)
        next_one = links.filter(chain__gt=next_one).first()
    return sorted(found)


def note_heads(verified: Mapping[UUID, Head] | None = None) -> Head:
    """Note the head of each chain that went on since the last time; the end of all.

    verified: up to where each chain was just followed and held.
    """
    with transaction.atomic():
        _one_at_a_time()
        rows = [row for chain in all_chains() for row in _to_note(chain, verified or {})]
        if rows:
            stored = NotedHead.objects.bulk_create(rows)
            digest = last_digest()
            for row in stored:
                digest = digest_with(digest, row)
            record_event(
                action=NOTED,
                actor=None,
                clinic=None,
                object_type="audit",
                object_id=stored[-1].pk,
                reason=digest,
            )
    return head_of(INSTALLATION)


def _one_at_a_time() -> None:
    """Rows are hashed one after the other. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK + 1])


def _to_note(chain: UUID, verified: Mapping[UUID, Head]) -> Iterator[NotedHead]:
    if chain == INSTALLATION:  # the event itself is its next link
        return
    last = NotedHead.objects.filter(chain=chain).order_by("-pk").first()
    head, is_verified = verified.get(chain) or head_of(chain), chain in verified
    is_new = last is None or (last.sequence, last.sha256) != head
    if is_new or (last and is_verified and not last.is_verified):
        yield NotedHead(
            chain=chain, sequence=head.sequence, sha256=head.sha256, is_verified=is_verified
        )


def last_digest() -> str:
    """The hash of all that was noted so far."""
    return (
        Event.objects.filter(clinic=None, action=NOTED).values_list("reason", flat=True).first()
        or ""
    )


def digest_with(before: str, row: NotedHead) -> str:
    """The hash of what was noted before, and of one more head."""
    said = "verified" if row.is_verified else "noted"
    line = f"{before}:{row.chain.hex}:{row.sequence}:{row.sha256}:{said}"
    return hashlib.sha256(line.encode()).hexdigest()


def problem_of_notes() -> str:
    """The first thing that is wrong with the noted heads themselves."""
    last = NotedHead.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    events = Event.objects.filter(clinic=None, action=NOTED).order_by("pk")
    said = {row: (event, digest) for event, row, digest in _said(events)}
    digest, is_bound = "", True
    rows = NotedHead.objects.filter(pk__lte=last).order_by("pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        digest, is_bound = digest_with(digest, row), False
        if found := said.pop(str(row.pk), None):
            event, expected = found
            is_bound = digest == expected
            if not is_bound:
                return f"What was noted of {name_of(row.chain)} is not what event {event} says."
    for row_id, (event, _) in said.items():
        if not _was_noted_since(row_id, last):
            return f"Heads that event {event} noted are gone."
    return "" if is_bound else "A head was noted that no event of the audit log names."


def _was_noted_since(row_id: str, last: int) -> bool:
    """Others may note heads while what was noted is read."""
    is_later = row_id.isdecimal() and int(row_id) > last
    return is_later and NotedHead.objects.filter(pk=row_id).exists()


def _said(events: QuerySet[Event]) -> Iterator[tuple[int, str, str]]:
    return events.values_list("pk", "object_id", "reason").iterator(chunk_size=AT_ONCE)


def is_noted_head(noted: Head) -> bool:
    """Whether a head that was noted elsewhere is in the chain of the installation.

    Or in the closed one: an older note is of the one chain that there was.
    """
    ends = Link.objects.filter(chain__in=(INSTALLATION, CLOSED), **noted._asdict())
    return ends.exists()
