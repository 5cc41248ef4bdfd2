"""script/server as a newcomer starts it: in a copy of the project, with its own var/."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from importlib.util import cache_from_source
from pathlib import Path

from django.conf import settings

from script.measure.server import HOST

ROOT = Path(settings.BASE_DIR)
PATIENCE = 120.0
SHARED = ("node_modules", "static/build", "static/fonts")
"""What script/setup made here is as good there."""


class Start:
    """One script/server under way. It has none of the settings of this test."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.port = port
        self.log = folder / f"log-{port}"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["script/server"],
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "PORT": str(port),
                    **settings,
                },
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


def copy_project(parent: Path) -> Path:
    """A copy of the project as it would be cloned, with what was installed here."""
    copy = parent / "kapnet"
    for name in files_of_project():
        target = copy / name
        if (ROOT / name).is_file() and name not in (*SHARED, ".venv"):
            copy_file(ROOT / name, target)
            if (compiled := Path(cache_from_source(ROOT / name))).is_file():
                copy_file(compiled, Path(cache_from_source(target)))
    for name in SHARED:
        (copy / name).symlink_to(ROOT / name)
    share_packages(copy)
    stamps = copy / "var" / "stamps"
    stamps.mkdir(parents=True)
    (stamps / "static").write_bytes((ROOT / "var" / "stamps" / "static").read_bytes())
    (stamps / "static").chmod(0o600)
    return copy


def copy_file(file: Path, target: Path) -> None:
    """With its times, so that what was compiled from it counts for the copy, too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, target)


def share_packages(copy: Path) -> None:
    """The Python packages of this environment, counted as compiled.

    Else each start would begin to compile thousands of modules of tools that no server imports.
    """
    here, there = ROOT / ".venv", copy / ".venv"
    there.mkdir()
    for name in ("bin", "lib"):
        (there / name).symlink_to(here / name)
    (there / "pyvenv.cfg").write_bytes((here / "pyvenv.cfg").read_bytes())
    (there / ".installed").write_text(f"{(here / '.installed').read_text()}compiled\n")


def files_of_project() -> list[str]:
    """The files under version control, and those that would be added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]
