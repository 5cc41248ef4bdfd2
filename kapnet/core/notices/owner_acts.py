"""What the owner of the installation does in the admin: in the clinic's audit log, and told.

The owner reads no case, and could make themselves somebody who does: by a membership, by another
email of an account, by taking a second factor away. Managers are told of each such act, and so is
the person whose account it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.notices.owed import owe_event
from kapnet.core.notices.telling import Telling, tell, told
from kapnet.core.people.models import Clinic, Role, User

THINGS = {
    "person": "an account",
    "membership": "somebody's place in the clinic",
    "clinic": "the clinic itself",
    "second_factor": "somebody's second factor",
}
ACTS = {"added": "added", "changed": "changed", "removed": "removed"}


def record_owner_act(
    *,
    actor: User,
    thing: str,
    act: str,
    clinics: Iterable[Clinic | None],
    about: object,
    what: str,
    also_to: Sequence[str] = (),
) -> None:
    """One event in the log of each clinic, which is told; one in none where there is no clinic.

    Those of several clinics are owed. thing and act: of THINGS and ACTS. about: the id of the
    account, or of the clinic. what: which fields, without what a person's say. also_to: addresses
    that are told besides.
    """
    act_of: dict[str, Any] = {
        "action": f"owner.{thing}_{act}",
        "actor": actor,
        "object_type": "clinic" if thing == "clinic" else "account",
        "object_id": about,
        "reason": what,
    }
    several = set(clinics) or {None}
    for clinic in several:
        if clinic is not None and len(several) > 1:
            owe_event(**act_of, clinic=clinic, also_to=also_to)
        else:
            tell(record_event(**act_of, clinic=clinic), also_to=also_to)


def _say(event: Event) -> str:
    thing, _, act = event.action.removeprefix("owner.").rpartition("_")
    what = f" ({event.reason})" if event.reason else ""
    if event.object_type == "clinic":
        whose = THINGS[thing]
    else:
        person = User.objects.filter(pk=event.object_id).first()
        whose = f"{THINGS[thing]}: {person or 'an account that is gone'}"
    return f"{event.actor}, who keeps the installation, {act} {whose}{what}."


def _whose_account(event: Event) -> Iterable[User]:
    return User.objects.filter(pk=event.object_id) if event.object_type == "account" else ()


for _thing in THINGS:
    for _act in ACTS:
        told(
            f"owner.{_thing}_{_act}",
            Telling(
                roles=frozenset({Role.MANAGER}),
                subject="an account or a clinic was changed",
                mail="clinics/mail_owner_act.txt",
                say=_say,
                place="clinic",
                besides=_whose_account,
            ),
        )
