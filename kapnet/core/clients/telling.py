"""Therapists and managers are told which program may take everything along."""

from __future__ import annotations

from typing import Final

from kapnet.core.audit.models import Event
from kapnet.core.clients.models import ApiClient
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import Role

ASKED_FOR: Final = "client.export_asked_for"
AGREED_TO: Final = "client.export_agreed_to"
REFUSED: Final = "client.export_refused"
TAKEN_BACK: Final = "client.export_taken_back"

WORDS: Final = {
    ASKED_FOR: "{who} asks that the program “{name}” may take every case of the clinic along."
    " A therapist has to agree.",
    AGREED_TO: "{who} agreed: the program “{name}” may take every case of the clinic along.",
    REFUSED: "{who} refused that the program “{name}” may take every case along.",
    TAKEN_BACK: "{who} took it back: the program “{name}” may not take every case along.",
}


def _say(event: Event) -> str:
    client = ApiClient.objects.filter(pk=event.object_id).first()
    return WORDS[event.action].format(who=event.actor, name=client or "unknown")


for _action in WORDS:
    told(
        _action,
        Telling(
            roles=frozenset({Role.THERAPIST, Role.MANAGER}),
            subject="a program and every case of the clinic",
            mail="clients/mail_agreement.txt",
            say=_say,
            place="clients:agreements",
        ),
    )
