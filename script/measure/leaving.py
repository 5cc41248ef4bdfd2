"""How long a clinic takes to leave and to enter, and in how much memory.

python -m script.measure.leaving begin          as manager and therapist of the demo
python -m script.measure.leaving make FILE      as the worker, then as the manager
python -m script.measure.leaving enter FILE     into an empty database
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

django.setup()

from django_scopes import scopes_disabled  # noqa: E402

from decisions.exit.actions import agree, ask, begin  # noqa: E402
from decisions.exit.entering import enter  # noqa: E402
from decisions.exit.making import parts_of, run_exit  # noqa: E402
from decisions.exit.models import Exit  # noqa: E402
from decisions.exit.reading import open_archive  # noqa: E402
from decisions.letters.models import Letter  # noqa: E402
from kapnet.core.people.at_clinic import at_clinic  # noqa: E402
from kapnet.core.people.models import Role, User  # noqa: E402
from script.measure.peak import peak_mb  # noqa: E402

TYPED = "six words that do not belong together"


def begin_it() -> None:
    """Ask, agree, and type the passphrase: scrypt alone takes 128 MB for a moment."""
    with scopes_disabled():
        clinic = Letter.objects.filter(status="signed").select_related("clinic")[0].clinic
    people = User.objects.filter(membership__clinic=clinic)
    manager, therapist = (
        people.filter(membership__role=one)[0] for one in (Role.MANAGER, Role.THERAPIST)
    )
    with at_clinic(clinic):
        asked = ask(clinic=clinic, actor=manager, reason="To measure it")
        agree(asked=asked, actor=therapist)
        begin(agreed=asked, actor=manager, passphrase=TYPED)


def make(file: Path) -> None:
    """Make the file and take it."""
    with scopes_disabled():
        one = Exit.objects.select_related("clinic").get(state=Exit.State.RUNNING)
    run_exit(one.pk)
    said("made")
    with scopes_disabled():
        one.refresh_from_db()
    with file.open("wb") as out:
        for part in parts_of(one):
            out.write(part)
    said(f"taken, {file.stat().st_size / 1e6:.0f} MB of {one.total} cases")


def take_in(file: Path) -> None:
    """As the owner."""
    with file.open("rb") as opened, open_archive(opened, TYPED) as archive:
        said("checked")
        enter(archive)
    said("entered")


def said(what: str) -> None:
    """With the time so far and the most memory so far."""
    sys.stdout.write(f"{what}: {time.monotonic() - BEGUN:.1f} s, {peak_mb():.0f} MB\n")
    sys.stdout.flush()


BEGUN = time.monotonic()
if __name__ == "__main__":
    said("started")
    match sys.argv[1:]:
        case ["begin"]:
            begin_it()
        case ["make", to]:
            make(Path(to))
        case ["enter", of]:
            take_in(Path(of))
