"""What workers run. A job carries an id, never anything of a patient."""

from __future__ import annotations

from django_tasks import task

from decisions.letters.signer_tasks.edition_tasks import evaluate_some


@task
def evaluate_by_edition(release_id: int) -> None:
    """Evaluate some earlier decisions by a released edition, then ask for the rest."""
    if evaluate_some(release_id):
        evaluate_by_edition.enqueue(release_id)
