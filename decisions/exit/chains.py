"""The audit log of a clinic leaves with its chain, which stays closed where the clinic goes on.

It may have events in two: in the one that all clinics shared once, and in its own. Each link that
goes along is proved by itself, since its hash is taken of its event and of the link before; where
two follow each other, also that nothing was between them. What would not show, that one was taken
away, shows by the hash of all.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from decisions.exit.archive import Archive
from decisions.exit.models import EnteredChain, EnteredLink
from decisions.exit.rows import written
from kapnet.core.audit.chain import CLOSED, FIELDS, link_hash
from kapnet.core.audit.models import Link
from kapnet.core.people.models import Clinic

AT_ONCE = 1_000
LINK = ("event", "id", "sequence", "previous", "sha256")
"""What a line says: the event of the archive, its id in the hash, and the link."""

Links = Iterator[tuple[Any, ...]]


def links_of(clinic: Clinic, chain: UUID, last: int) -> Links:
    """The links in a chain of this installation of events of the clinic, up to one."""
    found = Link.objects.filter(chain=chain, event__clinic=clinic, event_id__lte=last)
    columns = ("event_id", "event_id", "sequence", "previous_sha256", "sha256")
    return found.order_by("sequence").values_list(*columns).iterator(chunk_size=AT_ONCE)


def write_chains(archive: Archive, clinic: Clinic, last: int) -> Iterator[dict[str, object]]:
    """Each chain that came with the clinic, then those that are closed now: for the manifest."""
    columns = ("event_id", "was_id", "sequence", "previous_sha256", "sha256")
    for chain in EnteredChain.objects.filter(clinic=clinic).order_by("place"):
        links = EnteredLink.objects.filter(chain=chain).order_by("sequence").values_list(*columns)
        yield _write_chain(archive, chain.pk, links.iterator(chunk_size=AT_ONCE))
    if Link.objects.filter(chain=CLOSED, event__clinic=clinic).exists():
        yield _write_chain(archive, uuid4(), links_of(clinic, CLOSED, last))
    yield _write_chain(archive, uuid4(), links_of(clinic, clinic.pk, last))


def _write_chain(archive: Archive, chain: UUID, links: Links) -> dict[str, object]:
    count, every = 0, hashlib.sha256()
    name = f"audit/chain-{chain}.jsonl"
    with archive.entry(name) as entry:
        for link in links:
            line = dict(zip(LINK, link, strict=True))
            entry.write(written(line))
            every.update(_mark(line["sequence"], line["sha256"]))
            count += 1
    return {"id": str(chain), "file": name, "links": count, "sha256": every.hexdigest()}


def _mark(sequence: int, sha256: str) -> bytes:
    return f"{sequence}:{sha256}\n".encode()


# Whether they hold


def closed_chains_that_broke() -> Iterator[str]:
    """A sentence for each closed chain of any clinic in which something was changed or removed."""
    with scopes_disabled():
        for chain in EnteredChain.objects.order_by("clinic", "place"):
            if problem := problem_of(chain):
                yield f"Closed chain {chain.pk} of clinic {chain.clinic_id}: {problem}"


def problem_of(chain: EnteredChain) -> str:
    """The first thing that is wrong with a closed chain; empty where it holds."""
    count, every, before = 0, hashlib.sha256(), (0, "")
    for sequence, was_id, previous, sha256, *rest in _with_events(chain):
        place, hash_before = before
        if sequence <= place or (sequence == place + 1 and hash_before not in ("", previous)):
            return f"event {sequence} does not follow the one before it."
        if link_hash(sequence, previous, [was_id, *rest]) != sha256:
            return f"event {sequence} was changed or moved."
        every.update(_mark(sequence, sha256))
        count, before = count + 1, (sequence, sha256)
    if (count, every.hexdigest()) != (chain.links, chain.sha256):
        return f"it had {chain.links} events when it was closed, and not these {count}."
    return ""


def _with_events(chain: EnteredChain) -> Iterator[tuple[Any, ...]]:
    own: QuerySet[Any] = EnteredLink.objects.filter(chain=chain).order_by("sequence")
    fields = (f"event__{name}" for name in itertools.islice(FIELDS, 1, None))
    rows = own.values_list("sequence", "was_id", "previous_sha256", "sha256", *fields)
    return iter(rows.iterator(chunk_size=AT_ONCE))
