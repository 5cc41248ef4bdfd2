"""Write the table of policies as a document."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kapnet.core.accounts.presenters import policies_in_markdown

DOCUMENT = settings.BASE_DIR / "docs" / "policies.md"


class Command(BaseCommand):
    """Write docs/policies.md."""

    help = "Write docs/policies.md from the table of policies."

    def handle(self, *args: Any, **options: Any) -> None:
        """One file."""
        DOCUMENT.write_text(policies_in_markdown(), encoding="utf-8")
        self.stdout.write(f"Wrote {DOCUMENT}")
