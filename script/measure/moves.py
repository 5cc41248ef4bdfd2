"""How often a request moves between folders of the program, counted by a profile hook.

    python -m script.measure.moves           counts against the targets
    python -m script.measure.moves --ways    and the way of each, a line for each stay in a folder

A way begins behind the check of the permission: the modules of the program in the order in which a
function of each is called first. A move is where the next module lies in another folder. Works in a
database of its own, and follows each request once everything that is read once was read.

Two counts are printed. The first holds every module that runs until the response is sent. The
second holds what somebody reads who follows the view, and is judged:

- It ends when the view gives its response; what the middleware does afterwards is no step of it.
- A query is one step, and so is a write: what Django's ORM, or the kept queries of `compiled` in
  its place, call back for a row (a field that decrypts, a manager that asks for the clinic) is
  none. Who asks, and which query it is, counts.
- `later` and `once` hand a call on to the function that was asked for: that one counts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import django
from django.http import HttpResponse

from script.measure.server import environment, prepare

ROOT = Path(__file__).parents[2]
ROOTS = tuple(f"{ROOT / name}{os.sep}" for name in ("kapnet", "decisions", "evidence"))
TARGETS = {"a posted answer until it is stored": 26, "a decision page": 18, "a signature": 19}
DOOR, STORED = "guarded", "record_event"
"""Where a way begins, in `policies.require`, and where that of an answer ends."""

CORE = ROOT / "kapnet" / "core"
ROWS = (f"{os.sep}django{os.sep}db{os.sep}", str(CORE / "compiled.py"))
"""What reads and writes rows: what is called within is called back."""
HANDS_ON = (str(CORE / "later.py"), str(CORE / "once.py"))


class Modules(dict[Path, None]):
    """In the order of their first calls."""

    @property
    def stays(self) -> list[tuple[str, list[str]]]:
        """Each stay in a folder, with the modules that were met there."""
        return [
            (str(folder.relative_to(ROOT)), [module.stem for module in stay])
            for folder, stay in groupby(self, key=lambda module: module.parent)
        ]

    @property
    def moves(self) -> int:
        """Between folders."""
        return len(self.stays) - 1


class Way:
    """The modules of a request: of all that runs, and of what is read who follows it."""

    def __init__(self, *, until: str = "") -> None:
        self.until = until
        self.all, self.read = Modules(), Modules()
        self.has_begun = self.is_over = False
        self._door: FrameType | None = None
        self._rows: FrameType | None = None
        """The outermost call that reads or writes rows, while it runs."""

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        """What `sys.setprofile` calls."""
        if event == "return":
            self._end(frame)
        elif event == "call" and not self.is_over:
            self._begin(frame)

    def _begin(self, frame: FrameType) -> None:
        place, name = frame.f_code.co_filename, frame.f_code.co_name
        is_ours = place.startswith(ROOTS)
        if is_ours and name == DOOR and not self.has_begun:
            self.has_begun, self._door = True, frame
        if not self.has_begun:
            return
        if is_ours:
            self.all.setdefault(Path(place))
            self.is_over = name == self.until
        if self._rows is None and self._door is not None:
            if ROWS[0] in place or place == ROWS[1]:
                self._rows = frame
            elif is_ours and place not in HANDS_ON:
                self.read.setdefault(Path(place))

    def _end(self, frame: FrameType) -> None:
        if frame is self._rows:
            self._rows = None
        elif frame is self._door:
            self._door = None


@contextmanager
def followed(way: Way) -> Iterator[None]:
    """Follow what is called within."""
    sys.setprofile(way.note)
    try:
        yield
    finally:
        sys.setprofile(None)


def expect(status: int, send: Callable[[], HttpResponse]) -> Callable[[], None]:
    """The request, as one that ends the program where it is answered in another way."""

    def sent() -> None:
        found = send().status_code
        if found != status:
            raise SystemExit(f"{status} was expected, and {found} came.")

    return sent


def requests() -> dict[str, Callable[[], None]]:
    """The three requests, each ready to be sent by the demo therapist, on a case of its own."""
    from django.test import Client
    from django.urls import reverse

    from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE
    from kapnet.core.people.models import User
    from tests.decisions.case_factories import make_case
    from tests.decisions.letters.letter_factories import vignettes
    from tests.decisions.letters.stored_letters import fingerprint_of, make_draft

    therapist = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(therapist)
    answers = dict(vignettes()["responder-relapsed"])
    pressure = answers.pop("bp_systolic")
    case, draft = make_case(therapist, **answers), make_draft(therapist)
    section = reverse("cases:section", args=[case.pk, "ketamine_safety"])
    decision = reverse("cases:decision", args=[draft.case_id])
    sign = reverse("letters:sign", args=[draft.case_id, draft.pk])
    signed = {
        "password": DEMO_PASSWORD,
        "fingerprint": fingerprint_of(draft, therapist),
        "recipient_by_hand": "true",
        "recipient_for_treatment": "true",
        "recipient_not_verified": "true",
    }

    return dict(
        zip(
            TARGETS,
            (
                expect(302, lambda: client.post(section, {"bp_systolic": pressure})),
                expect(200, lambda: client.get(decision)),
                expect(302, lambda: client.post(sign, signed)),
            ),
            strict=True,
        )
    )


def main(arguments: list[str]) -> int:
    """The exit status: 1 when a target was missed."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/moves.sqlite3"
        os.environ.update(environment(url))
        prepare(url)
        django.setup()
        for send in requests().values():
            send()  # what is loaded once is loaded by now
        missed = 0
        for name, send in requests().items():
            way = Way(until=STORED if "stored" in name else "")
            with followed(way):
                send()
            missed += way.read.moves > TARGETS[name]
            sys.stdout.write(
                f"{name}: {way.read.moves} moves to read, at most {TARGETS[name]} are meant "
                f"({way.all.moves} with all that runs)\n"
            )
            for place, modules in way.read.stays if "--ways" in arguments else ():
                sys.stdout.write(f"    {place}: {', '.join(modules)}\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
