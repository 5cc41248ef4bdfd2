"""One transaction writes the events of one clinic at most, and those of the installation besides.

Two chains would be held from the first commit record to the last, and on several servers one
commit could wait for the other. What concerns several clinics is stored first; the events of the
others are owed (`kapnet/core/notices/owed.py`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, transaction


class SecondClinicError(RuntimeError):
    """A transaction that wrote an event of one clinic would write one of another."""

    def __init__(self, first: UUID, second: UUID) -> None:
        super().__init__(
            f"This transaction has an event of clinic {first}, and would write one of {second}: "
            "owe it instead."
        )


class _Wrote:
    """Waits with what is done after the commit, and goes with a savepoint that is taken back."""

    def __init__(self, clinic_id: UUID) -> None:
        self.clinic_id = clinic_id

    def __call__(self) -> None:
        """Nothing is left to do."""


def note_clinic(clinic_id: UUID | None) -> None:
    """An event of this clinic is about to be written. Raises SecondClinicError."""
    if clinic_id is None or not connection.in_atomic_block:
        return
    written = clinics_so_far()
    for other in written - {clinic_id}:
        raise SecondClinicError(other, clinic_id)
    if not written:
        transaction.on_commit(_Wrote(clinic_id))


def clinics_so_far() -> set[UUID]:
    """The clinics of which this transaction wrote an event; one at most."""
    within = _own_savepoint()
    waiting = ((sids, act) for sids, act, *_ in connection.run_on_commit)
    return {
        act.clinic_id
        for sids, act in waiting
        if isinstance(act, _Wrote) and (within is None or within in sids)
    }


def _own_savepoint() -> Any:
    """What tells this transaction from earlier ones, where a test holds a real one around all."""
    for depth, block in enumerate(connection.atomic_blocks):
        if not getattr(block, "_from_testcase", False):
            return connection.savepoint_ids[depth - 1] if depth else None
    return object()  # no transaction but that of the test
