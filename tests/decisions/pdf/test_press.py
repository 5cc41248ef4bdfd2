"""The press: bounded in time, memory, pages and reach; what breaks it breaks one letter."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from decisions.pdf import pool as press_room
from decisions.pdf.jobs import Job
from decisions.pdf.pool import ROOT, LetterCannotBeDrawnError, PressRoom
from decisions.pdf.render import find_fonts, style_text
from tests.serving import serving

PLAIN = "<!doctype html><html lang=en><head><title>x</title></head><body>{}</body></html>"
IDENTIFIER = b"0" * 16


def job(body: str = "<p>One line</p>") -> Job:
    return Job(PLAIN.format(body), style_text("letter"), IDENTIFIER)


@pytest.fixture
def room() -> Iterator[PressRoom]:
    found = PressRoom(find_fonts()[0].parent, seconds=20)
    yield found
    found.end()


def process_of(room: PressRoom) -> int:
    assert room._process is not None
    return room._process.pid


@pytest.mark.slow
def test_one_press_draws_many_letters_the_same(room: PressRoom) -> None:
    first = room.draw(job())
    pid = process_of(room)
    room.draw(job("<p>Another</p>"))

    assert room.draw(job()) == first
    assert process_of(room) == pid


@pytest.mark.slow
def test_letter_of_too_many_pages_is_refused(room: PressRoom) -> None:
    body = "<p style='break-after: page'>x</p>" * 61

    with pytest.raises(LetterCannotBeDrawnError, match="longer than 60 pages"):
        room.draw(job(body))
    assert room.draw(job()).startswith(b"%PDF")


@pytest.mark.slow
def test_f23_letter_that_takes_too_long_is_stopped_and_harms_no_other(room: PressRoom) -> None:
    room.draw(job())
    pid = process_of(room)
    room.seconds = 0.3

    with pytest.raises(LetterCannotBeDrawnError, match=r"than 0\.3 seconds of computing\."):
        room.draw(job("<table><tr><td>" + "<p>word</p>" * 50_000))
    room.seconds = 20

    assert room.draw(job()).startswith(b"%PDF")
    assert process_of(room) != pid
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_press_that_is_not_given_the_machine_is_waited_for(room: PressRoom) -> None:
    room.draw(job())
    room.seconds, pid = 0.5, process_of(room)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(1, os.kill, [pid, signal.SIGCONT]).start()

    assert room.draw(job()).startswith(b"%PDF")
    assert process_of(room) == pid


@pytest.mark.slow
def test_press_that_hangs_is_stopped(room: PressRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.draw(job())
    monkeypatch.setattr(press_room, "STARTS_WITHIN", 0)
    room.seconds = 0.05
    os.kill(process_of(room), signal.SIGSTOP)

    with pytest.raises(LetterCannotBeDrawnError, match=r"came to a stop\. It stays"):
        room.draw(job())
    room.seconds = 20

    assert room.draw(job()).startswith(b"%PDF")


@pytest.mark.slow
def test_start_of_a_press_does_not_count(room: PressRoom) -> None:
    room.seconds = 0.5  # less than reading fonts and style takes

    assert room.draw(job()).startswith(b"%PDF")


@pytest.mark.slow
def test_press_that_is_warm_draws_at_once(room: PressRoom) -> None:
    room.warm_up(style_text("letter"))
    used = cpu_seconds(process_of(room))

    room.draw(job())

    assert cpu_seconds(process_of(room)) - used < used / 3


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_press_that_died_is_replaced(room: PressRoom) -> None:
    room.draw(job())
    os.kill(process_of(room), 9)
    assert room._process is not None
    room._process.wait()

    assert room.draw(job()).startswith(b"%PDF")


@pytest.mark.slow
def test_press_ends_with_its_server(room: PressRoom) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from decisions.pdf.pool import PressRoom\n"
        "from decisions.pdf.jobs import Job\n"
        "room = PressRoom(Path(sys.argv[1]), seconds=20)\n"
        "room.draw(Job('', '', b'0' * 16))\n"
        "print(room._process.pid, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(room.folder)], capture_output=True, text=True, check=True
    )

    wait_until_gone(int(done.stdout))


def wait_until_gone(pid: int) -> None:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        threading.Event().wait(0.1)
    pytest.fail(f"process {pid} is still there")


@pytest.mark.slow
def test_forked_server_has_a_press_of_its_own(room: PressRoom) -> None:
    drawn = hashlib.sha256(room.draw(job())).digest()
    mine = process_of(room)
    reads, writes = os.pipe()
    if (child := os.fork()) == 0:
        try:
            again = hashlib.sha256(room.draw(job())).digest()
            os.write(writes, bytes([again == drawn and process_of(room) != mine]))
            room.end()
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reads, 1) == b"\x01"
    assert hashlib.sha256(room.draw(job())).digest() == drawn
    assert process_of(room) == mine


# What the process gives up


def run_in_press(code: str, *arguments: str) -> str:
    """What code prints after the press has given up what it does not need."""
    load = (
        f"import sys; sys.path.append({str(ROOT)!r}); from decisions.pdf import worker as press\n"
    )
    give_up = "press.give_up_what_is_not_needed()\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", load + give_up + code, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def listener() -> Iterator[int]:
    with serving(BaseHTTPRequestHandler) as port:
        yield port


@pytest.mark.slow
def test_s19_press_reaches_no_network(listener: int) -> None:
    code = (
        "import socket, sys\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2); print('reached')\n"
        "except OSError as error: print('refused')\n"
    )
    if not can_leave_the_network():
        pytest.skip("this machine lets no process give up its network")

    assert run_in_press(code, str(listener)) == "refused"


def can_leave_the_network() -> bool:
    code = "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "0"


@pytest.mark.slow
def test_s19_memory_of_the_press_is_bounded() -> None:
    code = (
        "try: kept = bytearray(2 * 1024 ** 3); print('had it')\n"
        "except MemoryError: print('refused')\n"
    )

    assert run_in_press(code) == "refused"


@pytest.mark.slow
def test_s19_press_writes_no_large_file(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "try:\n"
        " with open(sys.argv[1], 'w') as file: file.write('x' * 17_000_000)\n"
        "except OSError: print('refused')\n"
    )

    assert run_in_press(code, str(tmp_path / "file")) == "refused"


@pytest.mark.slow
def test_s51_press_knows_no_secret(room: PressRoom) -> None:
    room.draw(job())

    environment = Path(f"/proc/{process_of(room)}/environ").read_bytes()

    assert b"SECRET_KEY" not in environment
    assert b"DATABASE_URL" not in environment
