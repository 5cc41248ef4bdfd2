"""Files that are kept for a day only, in every clinic."""

from __future__ import annotations

from django_scopes import scopes_disabled

from decisions.exit.actions import ENDED, lapse
from decisions.exit.models import ExitPart


def forget_old_exits() -> None:
    """Whether or not somebody opens the page."""
    with scopes_disabled():
        lapse()
        # A worker that is stopped, or killed, may have left some.
        ExitPart.objects.filter(exit__state__in=ENDED).delete()
