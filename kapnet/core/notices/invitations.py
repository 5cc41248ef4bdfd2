"""How far an invitation is: asked for, mailed or not, and whether its link may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.notices.mailing import MAILED
from kapnet.core.people.models import Clinic

ASKED = "person.password_link_made"
SHOWN_AFTER = timedelta(minutes=10)
"""A mail that was asked for so long ago should have arrived."""


@dataclass(frozen=True)
class Invitation:
    """The newest link that somebody asked for. has_failed: the mail server took no mail with it."""

    asked_at: datetime
    has_failed: bool = False

    @property
    def shown_from(self) -> datetime:
        """From when on its link is shown to a manager who asks."""
        at_once = self.has_failed or not settings.SENDS_MAIL
        return self.asked_at if at_once else self.asked_at + SHOWN_AFTER

    @property
    def has_ended(self) -> bool:
        """Whether its link works no longer."""
        return timezone.now() > self.asked_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)

    @property
    def can_be_shown(self) -> bool:
        """Whether a manager may see the link now. Before, only who reads the mail has it."""
        return timezone.now() >= self.shown_from


def invitations_of(clinic: Clinic) -> Mapping[UUID, Invitation]:
    """The newest invitation of each person of a clinic who was ever invited."""
    events = Event.objects.filter(clinic=clinic, action__in=(ASKED, MAILED)).order_by("pk")
    found: dict[UUID, Invitation] = {}
    for action, person, outcome, at in events.values_list("action", "object_id", "outcome", "at"):
        if action == ASKED:
            found[UUID(person)] = Invitation(asked_at=at)
        elif outcome == Outcome.FAILED and (asked := found.get(UUID(person))):
            found[UUID(person)] = Invitation(asked.asked_at, has_failed=True)
    return found
