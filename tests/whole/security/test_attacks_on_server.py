"""A real script/server, with DEBUG off, that is lied to and broken: S-43, S-50, S-51."""

from __future__ import annotations

import platform
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from script.measure.server import FORM, HOST, free_port
from tests.kapnet.started_server import PATIENCE, ROOT, Start, copy_project
from tests.template_database import sqlite_template

pytestmark = pytest.mark.slow

VERIFY, ABOUT = "/verify/", "/about/"
TRIES = 20
"""Codes of letters that one address may try within five minutes."""
SECURE = "Strict-Transport-Security"
"""The head that goes only to a request that the app takes for one over HTTPS."""
MADE_UP = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Scheme": "https",
    "Forwarded": "for=192.0.2.1;proto=https",
}
NAMES = (
    "Traceback",
    "SECRET_KEY",
    "DATA_KEYS",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "ALLOWED_HOSTS",
    "TemplateDoesNotExist",
    "about.html",
    "site-packages",
)
"""What a page for developers says: settings, kinds of faults, files."""


class Answer(NamedTuple):
    """Status, heads and body of an answer."""

    status: int
    heads: Mapping[str, str]
    body: str

    @property
    def whole(self) -> str:
        """All that a client is told."""
        return f"{dict(self.heads)}\n{self.body}"


class Serving(NamedTuple):
    """A server under way, where it stands, and what must not leave it."""

    start: Start
    folder: Path
    secrets: tuple[str, ...]

    def ask(
        self, path: str, heads: Mapping[str, str] | None = None, *, source: str = HOST
    ) -> Answer:
        return self._send("GET", path, None, heads or {}, source)

    def post(
        self,
        path: str,
        fields: Mapping[str, str],
        heads: Mapping[str, str] | None = None,
        *,
        source: str = HOST,
    ) -> Answer:
        """What a form of this site is answered, with its token; heads go with the form alone."""
        page = self.ask(path, source=source)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        cookies = SimpleCookie(page.heads["Set-Cookie"])
        assert token is not None
        sent = {"csrfmiddlewaretoken": token[1], **fields}
        own = {
            "Content-Type": FORM,
            "Cookie": "; ".join(f"{k}={v.value}" for k, v in cookies.items()),
        }
        return self._send("POST", path, urlencode(sent), {**own, **(heads or {})}, source)

    def bare_post(self, path: str) -> Answer:
        """What a form without a token is answered."""
        return self._send("POST", path, "code=1", {"Content-Type": FORM}, HOST)

    def _send(
        self, method: str, path: str, body: str | None, heads: Mapping[str, str], source: str
    ) -> Answer:
        connection = HTTPConnection(
            HOST, self.start.port, timeout=PATIENCE, source_address=(source, 0)
        )
        with closing(connection):
            connection.request(method, path, body, dict(heads))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copy_project(tmp_path_factory.mktemp("attacked"))
    (copy / "var").mkdir(exist_ok=True)
    shutil.copyfile(sqlite_template(), copy / "var" / "kapnet.sqlite3")
    (copy / "templates/about.html").unlink()  # costs that page, and keeps no server from starting
    return copy


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Serving]:
    with serve(folder) as one:
        yield one


@contextmanager
def serve(folder: Path, **settings: str) -> Iterator[Serving]:
    """The server with the settings of a clinic; its keys stand in var/env."""
    start = Start(folder, free_port(), DEBUG="false", **settings)
    try:
        start.wait_for(start.says("Ready"))
        start.wait_for(lambda: bool(start.workers()))
        keys = dict(one.split("=", 1) for one in (folder / "var/env").read_text().split())
        yield Serving(start, folder, (keys["SECRET_KEY"], keys["DATA_KEYS"]))
    finally:
        start.end()


def test_s43_server_counts_by_the_address_of_the_peer_whatever_it_says(served: Serving) -> None:
    tried = [
        served.post(VERIFY, {"code": "x"}, {**MADE_UP, "X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(TRIES + 1)
    ]
    of_another_peer = served.post(VERIFY, {"code": "x"}, source="127.0.0.9")

    assert [one.status for one in tried] == [422] * TRIES + [429]
    assert of_another_peer.status == 422


def test_s43_server_takes_no_request_for_secure_because_it_says_so(served: Serving) -> None:
    assert SECURE not in served.ask("/", MADE_UP).heads


def test_s43_server_believes_a_proxy_that_it_was_told_of(folder: Path) -> None:
    proto = {"X-Forwarded-Proto": "https"}

    with serve(folder, FORWARDED_ALLOW_IPS=HOST, TRUSTED_PROXIES="1") as behind:
        by_proxy, plain = behind.ask("/", proto), behind.ask("/")
        from_elsewhere = behind.ask("/", proto, source="127.0.0.9")

    assert SECURE in by_proxy.heads
    assert SECURE not in plain.heads
    assert SECURE not in from_elsewhere.heads


def refusals(served: Serving) -> dict[int, Answer]:
    """A real answer of each kind that is no page: 400 of app and gunicorn, 403, 404, 500."""
    return {
        400: served.ask("/", {"Host": "evil.example"}),
        403: served.bare_post(VERIFY),
        404: served.ask("/no-such-page/"),
        500: served.ask(ABOUT),
    }


def test_s50_no_refusal_of_the_server_shows_its_insides(served: Serving) -> None:
    answers = refusals(served)
    hidden = {
        *NAMES,
        *served.secrets,
        str(served.folder),
        str(ROOT),
        platform.python_version(),
        version("django"),
        version("gunicorn"),
    }

    assert {kind: one.status for kind, one in answers.items()} == {kind: kind for kind in answers}
    shown = {(kind, word) for kind, one in answers.items() for word in hidden if word in one.whole}
    assert shown == set()
    assert not [kind for kind, one in answers.items() if re.search(r"\w\.py\b", one.whole)]


def test_s50_request_that_is_none_is_told_nothing(served: Serving) -> None:
    with socket.create_connection((HOST, served.start.port), timeout=PATIENCE) as wire:
        wire.sendall(b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n")
        said = b"".join(iter(lambda: wire.recv(65536), b"")).decode()

    assert said.startswith("HTTP/1.1 400")
    assert not [word for word in (*NAMES, str(served.folder), version("gunicorn")) if word in said]


def test_s51_no_process_of_the_server_shows_a_secret(served: Serving) -> None:
    told = {}
    for pid in served.start.processes(""):
        with suppress(FileNotFoundError, ProcessLookupError):  # ended since it was listed
            told[pid] = b"".join(
                Path(f"/proc/{pid}/{what}").read_bytes() for what in ("cmdline", "environ")
            )

    servers = served.start.processes("gunicorn")
    assert len(servers) > 1
    assert {*servers, *served.start.workers()} <= told.keys()
    assert not [pid for pid, said in told.items() if shows(said.decode(), served.secrets)]


def test_s51_no_answer_and_no_line_of_the_log_shows_a_secret(served: Serving) -> None:
    answers = [*refusals(served).values(), *map(served.ask, ("/", "/healthz", "/readyz"))]
    log = served.start.log.read_text()

    assert "TemplateDoesNotExist" in log  # what failed is told there, by its kind alone
    assert not [one.status for one in answers if shows(one.whole, served.secrets)]
    assert not shows(log, served.secrets)


def shows(text: str, secrets: tuple[str, ...]) -> bool:
    return any(secret in text for secret in secrets)
