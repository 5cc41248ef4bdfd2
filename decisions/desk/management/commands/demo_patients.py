"""manage.py demo_patients: invented patients in the demo clinic."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from decisions.desk.demo_patients import make_demo_patients
from kapnet.core.people.demo import why_no_demo


class Command(BaseCommand):
    """What is there stays as it is."""

    help = "Make the invented patients of the demo clinic, with decisions and letters."

    def handle(self, **options: Any) -> None:
        """Refuse anywhere but in a demo."""
        if why := why_no_demo() if settings.DEMO else "DEMO is off: there is no demo to fill.":
            raise CommandError(why)
        made = make_demo_patients()
        stamps = settings.VAR_DIR / "stamps"
        if stamps.is_dir():  # script/server checks whether it is newer than the demo's accounts
            (stamps / "demo").touch()
        if int(options["verbosity"]) > 0:
            self.stdout.write(f"{made} patients made")
