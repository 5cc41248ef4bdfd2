"""What letters wait for elsewhere."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from decisions.cases.edition.signals import edition_released
from decisions.cases.models import EditionRelease
from decisions.letters.signer_tasks.withdrawal_tasks import follow_release
from evidence.models import Release
from evidence.signals import release_published


@receiver(release_published, dispatch_uid="letters.withdrawal_tasks")
def open_and_close_tasks(sender: object, release: Release, **rest: Any) -> None:
    """In the transaction of the release: both stay, or neither."""
    follow_release(release)


@receiver(edition_released, dispatch_uid="letters.edition_tasks")
def evaluate_earlier_decisions(sender: object, release: EditionRelease, **rest: Any) -> None:
    """By a worker, once the release is stored."""
    ask_for_evaluation(release)


def ask_for_evaluation(release: EditionRelease) -> None:
    """Let a worker evaluate what is left to evaluate."""
    from decisions.letters.tasks import evaluate_by_edition

    transaction.on_commit(lambda: evaluate_by_edition.enqueue(release.pk))
