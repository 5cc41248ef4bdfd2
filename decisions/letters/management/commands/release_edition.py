"""manage.py release_edition: proves an edition, releases it, has earlier decisions evaluated."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from decisions.cases.edition.releasing import EditionNotReleased, release_edition
from decisions.cases.models import EditionRelease
from decisions.letters.receivers import ask_for_evaluation
from decisions.letters.signer_tasks.edition_tasks import evaluate_some
from kapnet.core.people.models import User

BAD_CALL = 2
"""Exit status when the call itself is wrong."""


class Command(BaseCommand):
    help = (
        "Release an edition that is proved. Earlier decisions are evaluated by the worker. "
        "Called again it tells how far that is, and lets it go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", help="the edition's id, such as 2026.2")
        parser.add_argument("--by", required=True, help="email of an evidence admin or owner")
        parser.add_argument(
            "--here", action="store_true", help="evaluate in this process, not in the worker"
        )

    def handle(self, *, edition: str, by: str, here: bool, **options: Any) -> None:
        person = _person(by)
        release = EditionRelease.objects.filter(edition=edition).first()
        if release is None:
            release = self._release(edition, person)
        elif release.evaluated_at is None and not here:
            ask_for_evaluation(release)
        while here and evaluate_some(release.pk):
            continue
        release.refresh_from_db()
        self.stdout.write(_in_words(release))

    def _release(self, edition: str, person: User) -> EditionRelease:
        self.stdout.write(f"Proving edition {edition} ...")
        try:
            return release_edition(edition_id=edition, by=person)
        except EditionNotReleased as refused:
            raise CommandError(f"Not released. {refused}") from refused


def _person(email: str) -> User:
    may = Q(is_evidence_admin=True) | Q(is_superuser=True)
    person = User.objects.filter(may, email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(
            f"There is no evidence admin or owner {email}. Nothing was released.",
            returncode=BAD_CALL,
        )
    return person


def _in_words(release: EditionRelease) -> str:
    day = timezone.localdate(release.released_at)
    done = "all" if release.evaluated_at else "so far"
    lines = (
        f"Edition {release.edition} was released on {day} by {release.released_by}.",
        f"Earlier and present decisions looked at: {release.evaluated} ({done}).",
        f"Judged more strictly: {release.stricter}, with {release.drafts} drafts of letters.",
        f"Tasks for who signed a letter: {release.tasks}.",
    )
    if release.not_read:
        return "\n".join((*lines, f"Of editions that are not here: {release.not_read}."))
    return "\n".join(lines)
