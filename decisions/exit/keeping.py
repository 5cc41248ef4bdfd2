"""Files that are kept for a day only, in every clinic."""

from __future__ import annotations

from django_scopes import scopes_disabled

from decisions.exit.actions import lapse
from kapnet.core.background.pruning import prunes


@prunes
def forget_old_exits() -> None:
    """Whether or not somebody opens the page."""
    with scopes_disabled():
        lapse()
