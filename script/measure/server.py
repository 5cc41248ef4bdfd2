"""A real gunicorn on loopback with the demo clinic, and a client that keeps its connection."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from secrets import choice
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
PATIENCE = 30.0
"""Seconds to wait for an answer of the server, and for its end."""
TO_START = 120.0
"""Seconds to wait for its first answer: on a busy machine it starts slowly."""
FORM = "application/x-www-form-urlencoded"


def environment(database_url: str, folder: Path = ROOT) -> dict[str, str]:
    """The environment in which the measured server and its commands run."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "script.measure.settings",
        "DEBUG": "false",
        "DEMO": "false",  # also where script/server has written a demo's settings
        "MFA_REQUIRED": "false",
        "SECRET_KEY": "only-for-measurements-" + "x" * 40,
        "DATA_KEYS": b64encode(b"only-for-measurements".ljust(32, b"x")).decode(),
        "PYTHONPATH": str(folder),
        # What is measured is asked for more often than a person may; that it is counted counts in.
        "LETTER_DOWNLOADS": "99999/m/user,99999/h/user",
        "LETTER_DRAWINGS": "99999/m/user",
    }


def python_of(folder: Path) -> str:
    """The Python of a build: of this one, or of another checkout with its own environment."""
    return sys.executable if folder == ROOT else str(folder / ".venv" / "bin" / "python")


def manage(database_url: str, *arguments: str) -> None:
    """Run a management command to its end. Raises CalledProcessError with its output shown."""
    _run(database_url, "manage.py", *arguments)


def _run(database_url: str, *program: str) -> None:
    subprocess.run(  # noqa: S603
        [sys.executable, *program],
        cwd=ROOT,
        env=environment(database_url),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def prepare(database_url: str) -> None:
    """A database with schema, evidence and the demo clinic."""
    _run(database_url, "-m", "script.measure.prepared")


def free_port() -> int:
    """A port of this machine that nobody listens on, of those that no caller is given.

    Who calls a server before it listens may be given its port, and then talks to itself.
    """
    while True:
        port = choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


class Server(NamedTuple):
    """A server that answers at a port, and its first process."""

    port: int
    pid: int


@contextmanager
def gunicorn(
    database_url: str, *, workers: int, threads: int, folder: Path = ROOT
) -> Iterator[int]:
    """The app under gunicorn; gives its port and ends it afterwards. folder: see `python_of`."""
    with gunicorn_with_pid(database_url, workers=workers, threads=threads, folder=folder) as server:
        yield server.port


@contextmanager
def gunicorn_with_pid(
    database_url: str, *, workers: int, threads: int, folder: Path = ROOT, more: Sequence[str] = ()
) -> Iterator[Server]:
    """The same with the process whose children are its workers. more: options of gunicorn."""
    port = free_port()
    command = [python_of(folder), "-m", "gunicorn", "kapnet.wsgi:application", *more]
    command += ["--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--log-level", "error"]
    command += ["--workers", str(workers), "--threads", str(threads), "--keep-alive", "60"]
    server = subprocess.Popen(  # noqa: S603
        command,
        cwd=folder,
        env=environment(database_url, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _wait_for(port: int) -> None:
    until = time.monotonic() + TO_START
    while time.monotonic() < until:
        try:
            Client(port).get("/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the measured server did not start")


class Client:
    """A signed-in browser without a screen: one connection, cookies, no redirects followed.

    What it is refused with stays in `refusal`.
    source: the loopback address that it calls from, as if from a machine of its own.
    """

    def __init__(self, port: int, *, source: str = HOST) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE, source_address=(source, 0))
        self._cookies: SimpleCookie = SimpleCookie()
        self.location = ""
        self.refusal = ""

    def get(self, path: str) -> str:
        """The page at a path. Raises OSError when the answer is an error."""
        return self._send("GET", path, None, {})

    def get_bytes(self, path: str) -> bytes:
        """The file at a path."""
        return self._answer("GET", path, None, {})

    def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]], *, htmx: bool = False
    ) -> str:
        """What a form posted to a path answers. A field of several values is sent once for each."""
        headers = {"Content-Type": FORM}
        if htmx:
            headers["HX-Request"] = "true"
        return self._send("POST", path, urlencode(fields, doseq=True), headers)

    def token_of(self, page: str) -> str:
        """The token against forged requests in a page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return found.group(1) if found else ""

    def hang_up(self) -> None:
        """End the connection; the next request makes another one and keeps the cookies."""
        self._connection.close()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with email and password."""
        token = self.token_of(self.get("/accounts/login/"))
        fields = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        self.post("/accounts/login/", fields)

    def download(self, path: str, fields: Mapping[str, str]) -> bytes:
        """The bytes that a form posted to a path answers."""
        return self._answer("POST", path, urlencode(fields), {"Content-Type": FORM})

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> str:
        return self._answer(method, path, body, headers).decode()

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        self._connection.request(method, path, body, {**headers, "Cookie": cookies})
        return self._read(self._connection.getresponse(), path)

    def _read(self, answer: HTTPResponse, path: str) -> bytes:
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(value)
        self.location = answer.headers.get("Location", "")
        self.refusal = content.decode(errors="replace") if answer.status >= 400 else ""
        if answer.status >= 400:
            raise OSError(f"{path} answered {answer.status}")
        return content
