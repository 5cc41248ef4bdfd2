"""A small EHR on this machine that answers whatever a test wants, and keeps what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = "application/json"


class Said:
    """One answer: status, body and headers; `wait` seconds before it, `drip` between its bytes."""

    def __init__(
        self,
        body: object = None,
        *,
        status: int = 200,
        kind: str = JSON,
        headers: Mapping[str, str] | None = None,
        wait: float = 0,
        drip: float = 0,
    ) -> None:
        self.status, self.kind, self.headers = status, kind, dict(headers or {})
        self.wait, self.drip = wait, drip
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


class FaultyEhr(ThreadingHTTPServer):
    """answers: path -> what is said there; anything else is 404. asked: lines with headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Said] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def host(self) -> str:
        """As hosts are compared."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FaultyEhr

    def do_GET(self) -> None:
        """Answer as the test wants."""
        self.server.asked.append((f"{self.command} {self.path}", dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = self.server.answers.get(self.path.partition("?")[0], Said({}, status=404))
        time.sleep(said.wait)
        self.send_response(said.status)
        headers = {"Content-Type": said.kind, "Content-Length": str(len(said.body))}
        for name, value in (headers | said.headers).items():
            self.send_header(name, value)
        self.end_headers()
        for at in range(0, len(said.body), 1 if said.drip else 65_536):
            self.wfile.write(said.body[at : at + (1 if said.drip else 65_536)])
            time.sleep(said.drip)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *words: Any) -> None:
        """Nothing is printed."""


@contextmanager
def faulty_ehr(certificate: tuple[str, str] | None = None) -> Iterator[FaultyEhr]:
    """One while a test needs it. certificate: files of a certificate and its key, for https."""
    server = FaultyEhr()
    server.handle_error = lambda *request: None  # type: ignore[method-assign]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
