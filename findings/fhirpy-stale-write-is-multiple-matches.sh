#!/usr/bin/env bash
# fhirpy 2.3.1: a write over a version that is not the newest raises MultipleResourcesFound.
#
# R4 answers 412 to an update whose If-Match names another version, and also to a conditional
# request that matches several resources. fhirpy calls every 412 MultipleResourcesFound. A program
# that handles "several matches" then looks for duplicates where somebody else has saved meanwhile.
# The OperationOutcome in the text of the exception tells them apart.
#
# Seen: PUT with If-Match W/"1" on version 2: MultipleResourcesFound, and its text says "conflict".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq fhirpy==2.3.1

cat >"$folder/look.py" <<'PY'
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from fhirpy import SyncFHIRClient

STALE = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "conflict", "diagnostics": "Version 2 is newer."}],
}


class Server(BaseHTTPRequestHandler):
    """Has version 2 of one resource."""

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps(STALE).encode()
        self.send_response(412 if self.headers["If-Match"] != 'W/"2"' else 500)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
client = SyncFHIRClient(address, extra_headers={"If-Match": 'W/"1"'})
try:
    client.resource("Patient", id="7").save()
    raised, code = "nothing", ""
except Exception as refused:
    raised, code = type(refused).__name__, json.loads(str(refused))["issue"][0]["code"]
print("raised:", raised, "| issue:", code)
sys.exit((raised, code) != ("MultipleResourcesFound", "conflict"))
PY
"$folder/venv/bin/python" "$folder/look.py"
