#!/usr/bin/env bash
# fhirpy 2.3.1: get_or_create creates each time on a server of R4.
#
# R4 asks for "create unless it is there" by the header If-None-Exist (http.html#ccreate). fhirpy
# writes the search into the address of the POST and sends no such header, so a server that goes by
# the standard makes a second resource when a call is repeated, and the call says that it created.
# Workaround: client._do_request("post", ..., extra_headers={"If-None-Exist": ...}).
#
# Seen: POST /Patient?identifier=... twice, without the header; two resources; (created, created).
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

kept, seen = [], []


class Server(BaseHTTPRequestHandler):
    """Creates, unless If-None-Exist names what is there."""

    def do_POST(self):
        wanted = self.headers.get("If-None-Exist")
        seen.append((self.path, wanted))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_new = not (wanted and kept)
        if is_new:
            kept.append({**body, "id": str(len(kept) + 1)})
        answer = json.dumps(kept[-1]).encode()
        self.send_response(201 if is_new else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
Thread(target=server.serve_forever, daemon=True).start()
client = SyncFHIRClient(f"http://127.0.0.1:{server.server_port}")
number = [{"system": "urn:example", "value": "7"}]
patient = client.resource("Patient", identifier=number)
search = client.resources("Patient").search(identifier="urn:example|7")
created = [search.get_or_create(patient)[1] for _ in range(2)]
for path, header in seen:
    print("POST", path, "If-None-Exist:", header)
print("resources:", len(kept), "created:", created)
sys.exit((len(kept), created, seen[0][1]) != (2, [True, True], None))
PY
"$folder/venv/bin/python" "$folder/look.py"
