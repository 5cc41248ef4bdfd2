"""fhirpy against a server of ours. One line of JSON in: {base, token, patient, task, form}.

One line out: what it read, found page by page, was refused, and created. It has no way of its own
to send If-Match and If-None-Exist: they go through its headers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from fhirpy import SyncFHIRClient
from fhirpy.base import exceptions


def refusal(attempt: Callable[[], Any]) -> list[str] | str:
    """The kind of the refusal, and the code of its OperationOutcome."""
    try:
        attempt()
    except exceptions.BaseFHIRError as refused:
        words = json.loads(str(refused))
        return [type(refused).__name__, words["issue"][0]["code"]]
    return "nothing was refused"


def main() -> None:
    given = json.loads(sys.stdin.readline())
    base, patient, form = given["base"], given["patient"], given["form"]
    client = SyncFHIRClient(base, authorization=f"Bearer {given['token']}")
    found = client.resources("Observation").search(patient=patient).limit(2)
    task = client.get("Task", given["task"])

    def move(status: str) -> Any:
        headers = {"If-Match": f'W/"{task["meta"]["versionId"]}"'}
        path = f"Task/{given['task']}"
        return client._do_request("put", path, {**task, "status": status}, extra_headers=headers)

    def send() -> str:
        system, value = form["identifier"]["system"], form["identifier"]["value"]
        headers = {"If-None-Exist": f"identifier={system}|{value}"}
        sent = client._do_request("post", "QuestionnaireResponse", form, extra_headers=headers)
        return str(sent["id"])

    said = {
        "name": client.get("Patient", patient)["name"][0]["text"],
        "found": [one["id"] for one in found],
        "missing": refusal(lambda: client.get("Patient", "nobody")),
        "stranger": refusal(lambda: SyncFHIRClient(base).get("Patient", patient)),
        "odd": refusal(client.resources("Observation").search(patient=patient, colour="red").fetch),
        "moved": move("received")["status"],
        "stale": refusal(lambda: move("accepted")),
        "created": len({send(), send()}),
    }
    print(json.dumps(said))


main()
