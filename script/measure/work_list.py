"""The work list of a clinic of 2,000 cases beside that of one of 100, over HTTP."""

from __future__ import annotations

import subprocess
import sys

from kapnet.core.people.demo import DEMO_PASSWORD
from script.measure.rounds import Row, interleave, limited, ratio
from script.measure.server import ROOT, Client, environment, gunicorn, prepare

MANY, FEW = 2000, 100
AT_MOST = 1.15
"""Times; what a page of the larger clinic may cost more, with what the machine adds by chance."""
PAGE = "/cases/?whose=clinic"


def measure_work_list(database_url: str) -> list[Row]:
    """Rows for the list, its last page and a search by name."""
    prepare(database_url)
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed_copies", "cases", str(MANY), str(FEW)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with gunicorn(database_url, workers=1, threads=4) as port:
        many, few = (_signed_in(port, name) for name in ("demo", "other"))
        measured = interleave(
            {
                "few": (lambda: few.get(PAGE), 8),
                "many": (lambda: many.get(PAGE), 8),
                "few, search": (lambda: _search(few), 8),
                "many, search": (lambda: _search(many), 8),
                "few, last": (lambda: few.get(f"{PAGE}&page=4"), 8),
                "many, last": (lambda: many.get(f"{PAGE}&page=80"), 8),
            }
        )
    last = ratio(measured, "many, last", "few, last")
    return [
        *(
            limited(
                f"{what} of {MANY:,} cases, in times of {FEW}",
                ratio(measured, f"many{name}", f"few{name}"),
                AT_MOST,
            )
            for what, name in (
                ("work list, its first page", ""),
                ("work list, a search by name", ", search"),
            )
        ),
        Row(f"work list, its last page of {MANY:,} cases, in times of {FEW}", f"{last:.2f}"),
    ]


def _signed_in(port: int, clinic: str) -> Client:
    client = Client(port)
    client.sign_in(f"therapist@{clinic}.example", DEMO_PASSWORD)
    return client


def _search(client: Client) -> None:
    page = client.get(PAGE)
    token = client.token_of(page)
    client.post("/cases/", {"csrfmiddlewaretoken": token, "q": "copy0", "whose": "clinic"})
    client.get(f"{PAGE}&search=on")
