"""Saves one answer of one case again and again by the product's own action, until its input ends.

Each try has a number, which its audit event carries as reference. What was acknowledged is printed.
"""

from __future__ import annotations

import sys
import threading
import time
from itertools import count

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402 - Django first
from structlog.contextvars import bound_contextvars  # noqa: E402

from decisions.cases.actions import save_answer  # noqa: E402
from decisions.cases.queries import cases_with_context, file_of  # noqa: E402
from kapnet.core.people.at_clinic import at_clinic  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402

QUESTION, LOWEST, VALUES = "bp_systolic", 110, 20


def main(case_id: str) -> None:
    """As a server does it: each request takes a connection out of the pool and gives it back."""
    stops = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[stops], daemon=True).start()
    therapist = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    for number in count():
        if stops.is_set():
            return
        try:
            with (
                at_clinic(therapist.membership.clinic),
                bound_contextvars(reference=str(number)),
            ):
                _save(case_id, therapist, number)
        except DatabaseError as error:
            print("failed", number, type(error).__name__, flush=True)
            time.sleep(0.1)
        else:
            print("saved", number, flush=True)
        finally:
            connection.close()


def _wait_for_the_end(stops: threading.Event) -> None:
    sys.stdin.read()
    stops.set()


def _save(case_id: str, therapist: User, number: int) -> None:
    file = file_of(cases_with_context().get(pk=case_id))
    row = file.rows.get(QUESTION)
    saved = save_answer(
        file=file,
        question_id=QUESTION,
        raw=LOWEST + number % VALUES,
        version=row.version if row else 0,
        actor=therapist,
    )
    if not saved.changed:  # a try of which nobody knew whether it happened; it did
        raise DatabaseError("this value is stored already")


main(sys.argv[1])
