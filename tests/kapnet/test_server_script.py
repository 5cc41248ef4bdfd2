"""script/server as a newcomer starts it: in a copy of the project, with its own var/."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from script.measure.server import HOST, free_port
from tests.kapnet.started_server import PATIENCE, Start, copy_project

WORKERS = 2

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("with a space"))


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


def test_second_start_does_nothing_twice_and_keeps_a_worker_until_it_ends(
    folder: Path, start: Callable[[], Start]
) -> None:
    if not (folder / "var" / "env").exists():  # the test above ran in another process
        first = start()
        first.wait_for(first.says("Ready"))
        first.end()
    (folder / "var" / "stamps" / "demo").touch()  # else it makes the demo's patients all the while
    server = start()

    server.wait_for(server.says("Ready"))

    assert "setup:" not in server.log.read_text()
    assert server.status_of_first_page() == 200

    server.wait_for(lambda: bool(server.workers()))
    (before,) = server.workers()

    os.kill(before, signal.SIGKILL)

    server.wait_for(lambda: bool(server.workers()) and server.workers() != [before])
    assert "The worker ended with status 137, and starts again in 1 s." in server.log.read_text()
    assert server.status_of_first_page() == 200

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
