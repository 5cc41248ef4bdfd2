"""Pages and saves over HTTP with gunicorn and PostgreSQL, in units of a reference page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import count

from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE
from script.measure.hooks import RecordSystem
from script.measure.programs import Program
from script.measure.reference import REFERENCE
from script.measure.rounds import Row, interleave, limited, ratio
from script.measure.server import ROOT, Client, environment, gunicorn, prepare

SAVE_LIMIT, SECTION_LIMIT, DECISION_LIMIT, DOWNLOAD_LIMIT, SHEET_LIMIT = 8, 6, 12, 3, 3
PATIENT_LIMIT, HOOK_LIMIT = 2, 3
BARE_LIMIT = 0.75
SEND_LIMIT, ASK_LIMIT, FORM_LIMIT = 6, 3, 2
SHEET, SHEET_PAPER = "/guide/sheet/", "/guide/sheet/two-pages.pdf"
"""Reference pages that a save, a section page, the decision page, a letter's PDF, the sheet and a
page of a patient's form may cost."""
CASES = 50
"""Open cases of the therapist; the list shows a page of them."""
SECTION, QUESTION = "ketamine_safety", "bp_systolic"
FIRST_VALUE, VALUES = 110, 20
"""The pressures that a saver sends in turn, in mmHg: the first, and how many."""
TOKEN = re.compile(
    rf'name="{QUESTION}\.token"\s+value="([^"]+)"|value="([^"]+)"\s+name="{QUESTION}\.token"'
)


class Saver:
    """Answers one question of one case again and again, as the page does it."""

    def __init__(self, client: Client, case_id: str) -> None:
        self._client = client
        self._path = f"/cases/{case_id}/{SECTION}/"
        page = client.get(self._path)
        self._csrf = client.token_of(page)
        self._token = _token_in(page)
        self._values = count()

    def save(self) -> int:
        """Save another systolic pressure; the value that was acknowledged, in mmHg."""
        value = FIRST_VALUE + next(self._values) % VALUES
        fields = {
            "csrfmiddlewaretoken": self._csrf,
            "question": QUESTION,
            QUESTION: str(value),
            f"{QUESTION}.token": self._token,
        }
        self._token = _token_in(self._client.post(self._path, fields, htmx=True))
        return value


def _token_in(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise OSError("the answer holds no new version of the question")
    return found.group(1) or found.group(2)


def seed_cases(database_url: str, cases: int) -> list[str]:
    """The ids of new, answered cases of the demo therapist."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "script.measure.seed", str(cases)],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def seed_letters(database_url: str) -> list[str]:
    """The ids of new signed letters of the demo therapist."""
    done = subprocess.run(
        [sys.executable, "-m", "script.measure.seed_load", "0", "0"],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        capture_output=True,
        text=True,
    )
    letters: list[str] = json.loads(done.stdout)["letters"]
    return letters


def patient(port: int, database_url: str) -> tuple[Client, str]:
    """A patient's browser after the date of birth, and the address that it was given."""
    done = subprocess.run(
        [sys.executable, "-m", "script.measure.seed_link"],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        capture_output=True,
        text=True,
    )
    client, address = Client(port), f"/f/{done.stdout}"
    token = client.token_of(client.get(address))
    born = {"month": "3", "day": "27", "year": "1984"}
    client.post(address, {"csrfmiddlewaretoken": token, **born})
    return client, address


def signed_in(port: int) -> Client:
    """A client of the demo therapist."""
    client = Client(port)
    client.sign_in(DEMO_PEOPLE[0].email, DEMO_PASSWORD)
    return client


def measure_web(database_url: str) -> list[Row]:
    """Rows for a save, a section page and the decision page of a complete case."""
    prepare(database_url)
    case_id, *_ = seed_cases(database_url, CASES)
    letter_id = seed_letters(database_url)[0]
    with gunicorn(database_url, workers=1, threads=4) as port:
        client = signed_in(port)
        saver = Saver(client, case_id)
        phone, address = patient(port, database_url)
        program = Program(port, database_url)
        ehr = RecordSystem(port, database_url)
        measured = interleave(
            {
                "reference": (lambda: client.get(REFERENCE), 60),
                "bare": (lambda: client.get("/bare/"), 60),
                "save": (saver.save, 30),
                "section": (lambda: client.get(f"/cases/{case_id}/{SECTION}/"), 30),
                "download": (lambda: client.get_bytes(f"/letters/{letter_id}/pdf/"), 30),
                "decision": (lambda: client.get(f"/cases/{case_id}/decision/"), 15),
                "list": (lambda: client.get("/cases/"), 10),
                "sheet": (lambda: client.get(SHEET), 30),
                "paper": (lambda: client.get_bytes(SHEET_PAPER), 30),
                "first": (lambda: phone.get(address), 30),
                "form": (lambda: phone.get("/f/?card=phq9"), 30),
                "send": (program.send, 15),
                "ask": (program.decide, 15),
                "known": (program.look, 15),
                "sign": (ehr.sign, 15),
                "hook": (ehr.ask, 15),
            }
        )
    return rows_of(measured)


def rows_of(measured: dict[str, list[float]]) -> list[Row]:
    """What the bench prints of it."""
    listed = Row(
        f"work list of {CASES} cases, its first page, in reference pages",
        f"{ratio(measured, 'list', 'reference'):.2f}",
    )
    return [
        listed,
        *(
            limited(f"{what}, in reference pages", ratio(measured, name, "reference"), limit)
            for what, name, limit in (
                ("an empty page behind the middleware", "bare", BARE_LIMIT),
                ("save one answer and render what follows", "save", SAVE_LIMIT),
                ("one section page", "section", SECTION_LIMIT),
                ("decision page", "decision", DECISION_LIMIT),
                ("download of a stored letter", "download", DOWNLOAD_LIMIT),
                ("the patient's sheet on two pages", "sheet", SHEET_LIMIT),
                ("the same as PDF", "paper", SHEET_LIMIT),
                ("the first page of a patient's link", "first", PATIENT_LIMIT),
                ("a patient's PHQ-9 by link", "form", PATIENT_LIMIT),
                ("a PHQ-9 that a program sends", "send", SEND_LIMIT),
                ("$decide, for a program", "ask", ASK_LIMIT),
                ("the questionnaire, for a program that has it", "known", FORM_LIMIT),
                ("CDS Hooks when a patient is opened", "hook", HOOK_LIMIT),
            )
        ),
    ]
