"""Works through the jobs of the background: files of many letters, mail."""

from __future__ import annotations

import gc
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.crypto import get_random_string

from kapnet.core.background.worker import SteadyWorker, beating


class Command(BaseCommand):
    """Ends on SIGTERM, after the job that is under way."""

    help = "Works through the jobs of the background until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="End once no job is left.")

    def handle(self, *, batch: bool, **options: Any) -> None:
        """Work."""
        worker = SteadyWorker.for_all_jobs(get_random_string(32), batch=batch)
        worker.configure_signals()
        gc.freeze()  # what is imported stays: no search of a long job goes through it
        with beating(worker.worker_id):
            worker.run()
