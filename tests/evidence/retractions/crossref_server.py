"""A server on this machine that answers as it is told, in place of Crossref."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

from tests.serving import serving


class Answers:
    """What the server says: by the part of an address; and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.of_work: dict[str, Any] = {}
        self.of_notices: dict[str, Any] = {}
        self.status: int = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.seconds = 0.0

    def body_for(self, path: str) -> bytes | None:
        """The answer; None where there is none."""
        if self.body is not None:
            return self.body
        where, _, question = unquote(path).partition("?")
        if question:
            doi = question.partition("filter=updates:")[2].partition("&")[0]
            found = self.of_notices.get(doi)
        else:
            found = self.of_work.get(where.removeprefix("/works/"))
        return json.dumps(found).encode() if found is not None else None


@contextmanager
def crossref_server() -> Iterator[Answers]:
    """The server, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(self.path)
            time.sleep(answers.seconds)
            body = answers.body_for(self.path)
            self.send_response(404 if body is None else answers.status)
            for name, value in answers.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body or b"Resource not found.")

        def log_message(self, *words: Any) -> None:
            """Says nothing."""

    with serving(Handler) as port:
        answers = Answers(f"http://127.0.0.1:{port}")
        yield answers
