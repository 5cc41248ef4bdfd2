"""A record system that asks for advice when a patient is opened, over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from http.client import HTTPConnection

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from script.measure.server import HOST, PATIENCE, ROOT, environment

ISSUER, SERVICE, PATIENT = "https://ehr.example", "/cds-services/tms-relapse", "p1"
HELD = 240


class RecordSystem:
    """Calls patient-view with a signature of its own each time, as every record system has to."""

    def __init__(self, port: int, database_url: str) -> None:
        self._key = ec.generate_private_key(ec.SECP384R1())
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        self._address = f"http://{HOST}:{port}{SERVICE}"
        shown = {**json.loads(jwt.get_algorithm_by_name("ES384").to_jwk(self._key.public_key()))}
        subprocess.run(  # noqa: S603
            [
                sys.executable,
                "-m",
                "script.measure.seed_hook",
                json.dumps({**shown, "kid": "a"}),
                ISSUER,
            ],
            cwd=ROOT,
            env=environment(database_url),
            check=True,
        )

    def ask(self) -> None:
        """One call that is answered with a card. Raises OSError for any other answer."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": self._address, "iat": now, "exp": now + HELD}
        claims["jti"] = str(uuid.uuid4())
        token = jwt.encode(claims, self._key, "ES384", headers={"kid": "a"})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.request("POST", SERVICE, json.dumps(CALL), headers)
        answer = self._connection.getresponse()
        if len(json.loads(answer.read()).get("cards", ())) != 1:
            raise OSError(f"no card, but {answer.status}")


def _bundle(*resources: dict[str, object]) -> dict[str, object]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


SUBJECT = {"reference": f"Patient/{PATIENT}"}
CODED = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F33.1"}]}
CALL = {
    "hook": "patient-view",
    "hookInstance": "measured",
    "context": {"userId": "Practitioner/1", "patientId": PATIENT},
    "prefetch": {
        "patient": {"resourceType": "Patient", "id": PATIENT},
        "conditions": _bundle({"resourceType": "Condition", "subject": SUBJECT, "code": CODED}),
        "procedures": _bundle(
            {"resourceType": "Procedure", "subject": SUBJECT, "code": {"text": "rTMS"}}
        ),
        "phq9": None,
    },
}
