"""What letters wait for elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from decisions.letters.withdrawal_tasks import follow_release
from evidence.models import Release
from evidence.signals import release_published


@receiver(release_published, dispatch_uid="letters.withdrawal_tasks")
def open_and_close_tasks(sender: object, release: Release, **rest: Any) -> None:
    """In the transaction of the release: both stay, or neither."""
    follow_release(release)
