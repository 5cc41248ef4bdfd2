"""What ends a link besides people: the case is closed or handed over, or follow-up has ended."""

from __future__ import annotations

from typing import Any

from decisions.follow_up.models import FollowUpEnd
from decisions.form_links.actions import revoke_links_of
from decisions.form_links.models import FormLink
from decisions.life.models import LifeStep

Because = FormLink.Because
ENDS = {LifeStep.Kind.CLOSED: Because.CLOSED, LifeStep.Kind.HANDED_OVER: Because.HANDED_OVER}


def revoke_with_the_case(instance: LifeStep, created: bool, **kwargs: Any) -> None:
    """Who promised to read the answers does so no longer."""
    because = ENDS.get(LifeStep.Kind(instance.kind))
    if created and because:
        revoke_links_of(instance.case, actor=instance.taken_by, because=because)


def revoke_with_follow_up(instance: FollowUpEnd, created: bool, **kwargs: Any) -> None:
    """The patient has died, or wants no more of it."""
    if created:
        revoke_links_of(instance.case, actor=instance.noted_by, because=Because.ENDED)
