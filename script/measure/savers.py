"""SQLite under eight people who save at once for ten seconds: no lock error, no lost answer."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from script.measure.rounds import Row, limited
from script.measure.server import Client, gunicorn, prepare
from script.measure.web import SECTION, Saver, seed_cases, signed_in

SAVERS = 8
SECONDS = 10.0
SHOWN = re.compile(r'<input[^<>]*\bname="bp_systolic"[^<>]*>')
VALUE = re.compile(r'\bvalue="(\d+)"')


def measure_savers() -> list[Row]:
    """Rows for errors and lost answers of concurrent savers on SQLite."""
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder) / 'savers.sqlite3'}"
        prepare(database_url)
        case_ids = seed_cases(database_url, SAVERS)
        with (
            gunicorn(database_url, workers=2, threads=8) as port,
            ThreadPoolExecutor(SAVERS) as pool,
        ):
            # One after another: sign-in counts attempts under way against one account as failed.
            clients = [signed_in(port) for _ in case_ids]
            results = list(pool.map(_save_for_a_while, clients, case_ids))
    saved = sum(count for count, _, _ in results)
    return [
        Row(f"SQLite, {SAVERS} savers for {SECONDS:.0f} s: answers saved", str(saved)),
        limited("SQLite: errors", sum(errors for _, errors, _ in results), 0),
        limited("SQLite: lost answers", sum(lost for _, _, lost in results), 0),
    ]


def _save_for_a_while(client: Client, case_id: str) -> tuple[int, int, int]:
    """Answers saved, errors seen, and whether (1) the last acknowledged answer is lost."""
    saver = Saver(client, case_id)
    saved = errors = last = 0
    until = monotonic() + SECONDS
    while monotonic() < until:
        try:
            last = saver.save()
            saved += 1
        except OSError:
            errors += 1
    return saved, errors, int(_stored(client.get(f"/cases/{case_id}/{SECTION}/")) != last)


def _stored(page: str) -> int:
    field = SHOWN.search(page)
    value = VALUE.search(field.group()) if field else None
    return int(value.group(1)) if value else 0
