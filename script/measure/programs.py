"""A program that sends forms of a patient and asks what the rules say, over HTTP with a token."""

from __future__ import annotations

import json
import subprocess
import sys
from http.client import HTTPConnection
from itertools import count

from script.measure.server import HOST, PATIENCE, ROOT, environment

RESPONSES, DECIDE = "/fhir/r4/QuestionnaireResponse", "/fhir/r4/$decide"
FORM = "/fhir/r4/Questionnaire/edition-2026.2"
OK, CREATED, NOT_MODIFIED = 200, 201, 304


class Program:
    """Calls for the demo clinic."""

    def __init__(self, port: int, database_url: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "script.measure.seed_program"],
            cwd=ROOT,
            env=environment(database_url),
            check=True,
            capture_output=True,
            text=True,
        )
        seeded = json.loads(done.stdout)
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        self._headers = {
            "Authorization": f"Bearer {seeded['token']}",
            "Content-Type": "application/fhir+json",
        }
        self._form, self._answers = seeded["form"], seeded["answers"]
        self._numbers = count()
        self._tag = ""

    def send(self) -> None:
        """A PHQ-9 of the patient that was not sent before."""
        identifier = {"system": "urn:measured", "value": str(next(self._numbers))}
        self._call(RESPONSES, {**self._form, "identifier": identifier}, CREATED)

    def decide(self) -> None:
        """What the rules say of a whole questionnaire."""
        self._call(DECIDE, self._answers, OK)

    def look(self) -> None:
        """The questionnaire of the edition, for who has it already."""
        headers = {"If-None-Match": self._tag} if self._tag else {}
        self._connection.request("GET", FORM, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != (NOT_MODIFIED if self._tag else OK):
            raise OSError(f"{FORM} answered {answer.status}")
        self._tag = answer.headers["ETag"]

    def _call(self, path: str, body: object, wanted: int) -> None:
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != wanted:
            raise OSError(f"{path} answered {answer.status}")
