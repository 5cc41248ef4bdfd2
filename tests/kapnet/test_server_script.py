"""script/server as a newcomer starts it: in a copy of the project, with its own var/."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

from script.measure.server import HOST, free_port

ROOT = Path(settings.BASE_DIR)
PATIENCE = 120.0
WORKERS = 2
SHARED = (".venv", "node_modules", "static/build", "static/fonts")
"""What script/setup made here is as good there."""

pytestmark = pytest.mark.slow


class Start:
    """One script/server under way. It has none of the settings of this test."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["script/server"],
                cwd=folder,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "PORT": str(port)},
                stdout=log,
                stderr=subprocess.STDOUT,
                umask=0o022,
                start_new_session=True,
            )

    def says(self, words: str) -> Callable[[], bool]:
        return lambda: words in self.log.read_text()

    def wait_for(self, happened: Callable[[], bool]) -> float:
        """Seconds that it took."""
        started = time.monotonic()
        while not happened():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - started < PATIENCE, self.log.read_text()
            time.sleep(0.02)
        return time.monotonic() - started

    def status_of_first_page(self) -> int:
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        connection.request("GET", "/")
        return connection.getresponse().status

    def workers(self) -> list[int]:
        """Process ids of what makes files of many letters."""
        return self.processes(" manage.py work")

    def processes(self, called: str) -> list[int]:
        """Process ids of what has this in its command."""
        listed = subprocess.run(
            ["ps", "-ww", "-s", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True,
            text=True,
        )
        lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
        return [int(pid) for pid, command in lines if called in command]

    def end(self) -> None:
        """As somebody ends it; whatever that leaves behind goes as well."""
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as it would be cloned, with what was installed here."""
    copy = tmp_path_factory.mktemp("with a space") / "kapnet"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        target = copy / name
        if (ROOT / name).is_file() and name not in SHARED:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
            target.chmod((ROOT / name).stat().st_mode)
    for name in SHARED:
        (copy / name).symlink_to(ROOT / name)
    stamps = copy / "var" / "stamps"
    stamps.mkdir(parents=True)
    (stamps / "static").write_bytes((ROOT / "var" / "stamps" / "static").read_bytes())
    (stamps / "static").chmod(0o600)
    return copy


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], Start]]:
    under_way: list[Start] = []

    def begin() -> Start:
        under_way.append(Start(folder, free_port()))
        return under_way[-1]

    yield begin
    for one in under_way:
        one.end()


def test_first_start_serves_before_it_names_the_address_and_keeps_var_to_its_owner(
    folder: Path, start: Callable[[], Start]
) -> None:
    server = start()

    server.wait_for(server.says(f"http://{HOST}:{server.port}/"))
    assert server.status_of_first_page() == 200
    server.wait_for(lambda: bool(server.workers()))
    server.wait_for(lambda: len(server.processes("decisions.pdf.worker")) == WORKERS)

    said = server.log.read_text()
    assert "warning" not in said.lower()
    assert re.search(r"database is prepared, \d+ s", said)
    assert "therapist@demo.example" in said.partition("Demo accounts")[2]
    found = {path.name: path for path in [folder / "var", *(folder / "var").rglob("*")]}
    assert {"env", "demo-accounts", "kapnet.sqlite3", "database"} <= {*found}
    for path in found.values():
        assert stat.S_IMODE(path.lstat().st_mode) & 0o077 == 0, path


def test_second_start_does_nothing_twice_and_is_quick(start: Callable[[], Start]) -> None:
    server = start()

    server.wait_for(server.says("Ready"))

    assert "setup:" not in server.log.read_text()
    assert server.status_of_first_page() == 200


def test_worker_that_is_killed_is_started_again(start: Callable[[], Start]) -> None:
    server = start()
    server.wait_for(lambda: bool(server.workers()))
    (before,) = server.workers()

    os.kill(before, signal.SIGKILL)

    server.wait_for(lambda: bool(server.workers()) and server.workers() != [before])
    assert "The worker ended with status 137, and starts again in 1 s." in server.log.read_text()
    assert server.status_of_first_page() == 200


def test_server_that_ends_ends_the_worker(start: Callable[[], Start]) -> None:
    server = start()
    server.wait_for(lambda: bool(server.workers()))

    server.process.terminate()
    server.process.wait(timeout=PATIENCE)

    assert not server.workers()


def test_port_that_is_taken_is_told_first(folder: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        done = subprocess.run(
            ["script/server"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PORT": str(other.getsockname()[1])},
            capture_output=True,
            text=True,
            timeout=5,  # 0.02 s on a machine that does nothing else
        )

    assert done.returncode == 1
    assert re.search(r"PORT=80\d\d script/server$", done.stderr.splitlines()[0])
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_port_that_is_none_is_refused(folder: Path, port: str) -> None:
    done = subprocess.run(
        ["script/server"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PORT": port},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"server: PORT is {port}.")
