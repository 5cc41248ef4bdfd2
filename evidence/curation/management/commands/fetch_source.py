"""manage.py fetch_source: drafts of sources by DOI or PubMed id."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evidence.curation.actions import CurationRefused
from evidence.curation.fetching import draft_from, fetch_reference
from evidence.domain.terms import Kind
from evidence.web import FetchFailed
from kapnet.core.people.models import User

OFF = (
    "Fetching is off. Set SOURCE_FETCH=true to let this program send the DOI to Crossref or the "
    "PubMed id to PubMed."
)


class Command(BaseCommand):
    help = "Ask Crossref or PubMed for references and make drafts that nobody has read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identifier", nargs="+", help="a DOI or a PubMed id")
        parser.add_argument("--by", required=True, help="email of the author")
        parser.add_argument("--reason", required=True, help="why it is taken up")
        parser.add_argument(
            "--kind", choices=[one.value for one in Kind], help="where none is told"
        )

    def handle(
        self, *, identifier: list[str], by: str, reason: str, kind: str | None, **options: Any
    ) -> None:
        if not settings.SOURCE_FETCH:
            raise CommandError(OFF)
        admin = User.objects.filter(
            email=by.lower(), is_evidence_admin=True, is_active=True
        ).first()
        if admin is None:
            raise CommandError(f"There is no evidence admin {by}. Nothing was fetched.")
        failed = 0
        for one in identifier:
            try:
                entry = fetch_reference(one)
                chosen = Kind(kind) if kind else None
                key = draft_from(entry=entry, kind=chosen, by=admin, reason=reason)
            except (FetchFailed, CurationRefused) as problem:
                failed += 1
                self.stderr.write(f"{one}: {problem}")
            else:
                self.stdout.write(f"{one}: drafted as {key}, {entry.title}")
        if failed:
            raise CommandError(f"{failed} of {len(identifier)} were not drafted.")
