"""A clinic leaves: its file as a manager downloads it, and what is in it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import Any
from zipfile import ZipFile

from django.test import Client, TransactionTestCase
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.exit.actions import agree, ask, begin
from decisions.exit.making import parts_of, run_exit
from decisions.exit.models import Exit
from decisions.fhir.received.models import Received
from kapnet.core.encryption.age_files import SealedReader, SealingWriter, make_file_key
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import User

PASSPHRASE = "six words that do not belong together"
Change = Callable[[dict[str, bytes]], object]


def leave(manager: User, therapist: User) -> bytes:
    """The file, without the pages."""
    clinic = manager.membership.clinic
    with at_clinic(clinic):
        asked = ask(clinic=clinic, actor=manager, reason="We move.")
        agree(asked=asked, actor=therapist)
        begin(agreed=asked, actor=manager, passphrase=PASSPHRASE)
    run_exit(asked.pk)
    with scopes_disabled():
        made = Exit.objects.select_related("clinic").get(pk=asked.pk)
    assert made.state == Exit.State.READY
    return b"".join(parts_of(made))


def send_unreadable(case: Case) -> None:
    """A response that is stored as none can be, of a form that this program does not have."""
    Received.objects.create(
        clinic=case.clinic,
        case=case,
        kind=Received.Kind.CLIENT,
        sender="1" * 32,
        sender_name="Record system",
        form="edition-1999.1",
        edition=case.edition,
        answers=["mdd"],
    )


def go_to_an_empty_installation() -> None:
    """The database as it is before anybody works there."""
    TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


def files_in(sealed: bytes) -> dict[str, bytes]:
    """Every file of the archive."""
    reader = BufferedReader(SealedReader(io.BytesIO(sealed), PASSPHRASE))
    with ZipFile(reader) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines_of(content: bytes) -> Iterator[Any]:
    """What a file of lines says."""
    return map(json.loads, content.splitlines())


def sealed_again(files: dict[str, bytes]) -> bytes:
    """The same archive with other files, under the same passphrase, its manifest as it is."""
    out = io.BytesIO()
    sealing = SealingWriter(make_file_key(PASSPHRASE, work=10), out.write)
    plain = io.BytesIO()
    with ZipFile(plain, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    sealing.write(plain.getvalue())
    sealing.finish()
    return out.getvalue()


def posted(client: Client, address: str, **said: str) -> int:
    """The status of a post."""
    return client.post(address, said).status_code
