"""Therapists and managers are told of each step by which everything of a clinic may leave it."""

from __future__ import annotations

from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import Role

SAID = {
    "asked": "{who} asks to take everything of the clinic along as one file. A therapist decides.",
    "agreed": "{who} agreed that everything of the clinic is taken along.",
    "refused": "{who} refused that everything of the clinic is taken along.",
    "stopped": "{who} stopped that everything of the clinic is taken along.",
    "downloaded": "{who} downloaded a file with everything of the clinic.",
}


def _say(event: Event) -> str:
    return SAID[event.action.removeprefix("exit.")].format(who=event.actor)


for _step in SAID:
    told(
        f"exit.{_step}",
        Telling(
            roles=frozenset({Role.THERAPIST, Role.MANAGER}),
            subject="everything of the clinic may leave it",
            mail="exit/mail.txt",
            say=_say,
            place="exit:exit",
        ),
    )
