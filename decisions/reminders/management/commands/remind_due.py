"""manage.py remind_due: remind, by mail, of what is due in each clinic."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from decisions.reminders.actions import remind_all


class Command(BaseCommand):
    """Says how many things and mails, by clinic; never of whom."""

    help = "Remind therapists of what came due. Running it again on the same day sends nothing."

    def handle(self, **options: Any) -> None:
        """One transaction a clinic. Fails at the end where a clinic was not reminded."""
        failed = []
        for night in remind_all():
            if night.problem:
                failed.append(f"{night.clinic}: {night.problem}")
            else:
                self.stdout.write(f"{night.clinic}: {night.things} due, {night.mails} mails")
        if failed:
            raise CommandError(f"Nobody was reminded at {'; '.join(failed)}")
