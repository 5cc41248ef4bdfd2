"""The outcomes of a clinic of 5,000 courses, over HTTP, in reference pages."""

from __future__ import annotations

import re
import subprocess
import sys

from kapnet.core.people.demo import DEMO_PASSWORD
from script.measure.reference import REFERENCE
from script.measure.rounds import Row, interleave, limited, ratio
from script.measure.server import ROOT, Client, environment, gunicorn, prepare

COURSES, AT_MOST = 5000, 20
PAGE = "/outcomes/"
REPORT = re.compile(r'href="(/outcomes/[0-9a-f-]{36}/)"')


def measure_outcomes(database_url: str) -> list[Row]:
    """Rows for the page of a report, and for counting it."""
    prepare(database_url)
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed_courses", str(COURSES)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with gunicorn(database_url, workers=1, threads=4) as port:
        client = Client(port)
        client.sign_in("therapist@demo.example", DEMO_PASSWORD)
        _count(client)
        found = REPORT.search(client.get(PAGE))
        if found is None:
            raise OSError("no report was made")
        page = found.group(1)
        measured = interleave(
            {
                "reference": (lambda: client.get(REFERENCE), 20),
                "page": (lambda: client.get(page), 8),
                "count": (lambda: _count(client), 1),
            }
        )
    counting = ratio(measured, "count", "reference")
    return [
        limited(
            f"outcomes of {COURSES:,} courses, their page, in reference pages",
            ratio(measured, "page", "reference"),
            AT_MOST,
        ),
        Row(f"counting {COURSES:,} courses into a report, in reference pages", f"{counting:.0f}"),
    ]


def _count(client: Client) -> None:
    """Ask for a report, as its page does."""
    token = client.token_of(client.get(PAGE))
    fields = {"csrfmiddlewaretoken": token, "option": "ketamine"}
    client.post(PAGE, {**fields, "first": "2000-01-01", "last": "2099-01-01"})
