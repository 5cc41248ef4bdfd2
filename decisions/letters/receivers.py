"""What letters wait for elsewhere."""

from __future__ import annotations

from typing import Any

from decisions.cases.models import Case, EditionRelease
from decisions.letters.facts.stated import keep_stated
from decisions.letters.signer_tasks.withdrawal_tasks import follow_release
from evidence.models import Release
from kapnet.core.people.models import User


def open_and_close_tasks(sender: object, release: Release, **rest: Any) -> None:
    """In the transaction of the release: both stay, or neither."""
    follow_release(release)


def evaluate_earlier_decisions(sender: object, release: EditionRelease, **rest: Any) -> None:
    """By a worker, once the release is stored."""
    ask_for_evaluation(release)


def keep_what_was_stated(
    sender: object, case: Case, actor: User, stated: dict[str, str], **rest: Any
) -> None:
    """What a safety task asks and letters print."""
    keep_stated(case=case, actor=actor, stated=stated)


def ask_for_evaluation(release: EditionRelease) -> None:
    """Let a worker evaluate what is left to evaluate."""
    from decisions.letters.tasks import evaluate_by_edition

    evaluate_by_edition.enqueue(release.pk)
