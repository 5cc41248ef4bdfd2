"""Keeps one press at work for each process of the server: starts it, waits for it, ends it.

A press that takes too long or dies is ended, and the next letter gets a new one: a letter that
cannot be drawn stays a draft and keeps no other from being drawn.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

from decisions.pdf.jobs import (
    ANSWER,
    BOXES,
    DRAWN,
    FULL,
    MOST_PAGES,
    NO_ROOM,
    READY,
    TOO_LONG,
    Job,
    job_bytes,
)

ROOT = Path(__file__).parents[2]
START = f"import sys; sys.path.append({str(ROOT)!r})\nfrom decisions.pdf.worker import main; main()"
"""The program of a press. A server never imports what draws: that takes long and much memory."""

PASSED_ON = ("PATH", "HOME")
"""What the press gets of the server's environment: no secret and no address of a database."""

ITS_OWN = {
    "LC_ALL": "C.UTF-8",
    "FONTCONFIG_FILE": str(Path(__file__).with_name("no_fonts_of_the_machine.conf")),
}
"""The same on every machine: the language, and no font but those that are handed over."""


STARTS_WITHIN = 60
"""Seconds on the clock that a press may take until it is ready, on a machine that is busy."""

HANGS_AFTER = 10
"""How many times its seconds of computing a job may take on the clock, before it is given up."""

WARM_UP = "<!doctype html><html lang=en><title>x</title><p>Aą <b>Aą</b>"
TRY_AGAIN = "try again, and if it happens again shorten what you wrote."


class LetterCannotBeDrawnError(RuntimeError):
    """No PDF came of it; the message says why and what to do."""


NO_ROOM_LEFT = (
    "There is no room left on the disk to draw the letter. It stays a draft, and nothing that you "
    "wrote is lost: contact your administrator, and try again when there is room."
)


class PressRoom:
    """One press and its jobs, one at a time.

    seconds: of computing, the most for a job once the press is ready.

    folder: of the fonts of every letter. later: of those that are read when a letter needs them.
    """

    def __init__(self, folder: Path, *, later: Path | None = None, seconds: float) -> None:
        self.folder, self.later, self.seconds = folder, later or folder, seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._owner = 0
        atexit.register(self.end)

    def draw(self, job: Job) -> bytes:
        """The PDF of a job. Raises LetterCannotBeDrawnError."""
        with self._lock:
            status, content = self._ask(job)
        if status == DRAWN:
            return content
        if status == TOO_LONG:
            raise LetterCannotBeDrawnError(
                f"The letter would be longer than {MOST_PAGES} pages. It stays a draft: shorten "
                "what you wrote."
            )
        if status == NO_ROOM:
            raise LetterCannotBeDrawnError(NO_ROOM_LEFT)
        if status == BOXES:
            raise LetterCannotBeDrawnError(
                f"No font here has {content.decode() or 'a sign of it'}, which would be printed "
                "as an empty box. It stays a draft: write it in other letters."
            )
        raise LetterCannotBeDrawnError(
            f"The letter could not be drawn ({content.decode()}). It stays a draft: shorten what "
            "you wrote, and if that does not help, contact your administrator."
        )

    def warm_up(self, style: str) -> None:
        """Start the press, and let it read fonts and style. Raises LetterCannotBeDrawnError."""
        self.draw(Job(WARM_UP, style, bytes(16)))

    def _ask(self, job: Job) -> tuple[int, bytes]:
        process, hangs = self._running(), threading.Event()
        timer = threading.Timer(STARTS_WITHIN + HANGS_AFTER * self.seconds, _stop, [process, hangs])
        timer.start()
        try:
            return _exchange(process, job._replace(seconds=self.seconds))
        except (OSError, struct.error) as error:
            why = self._why(process, hangs)
            self.end()
            self._running()
            raise LetterCannotBeDrawnError(f"{why} It stays a draft: {TRY_AGAIN}") from error
        finally:
            timer.cancel()

    def _why(self, process: subprocess.Popen[bytes], hangs: threading.Event) -> str:
        if hangs.is_set():
            return "Drawing the letter came to a stop."
        process.kill()  # nothing, where it has ended
        if process.wait() == -signal.SIGPROF:
            return f"Drawing the letter takes more than {self.seconds:g} seconds of computing."
        return "Drawing the letter broke off."

    def _running(self) -> subprocess.Popen[bytes]:
        """The press of this process; a process that was forked off starts its own."""
        if self._owner != os.getpid() or self._process is None or self._process.poll() is not None:
            self.end()
            self._owner = os.getpid()
            self._scratch = _folder_for_fonts()
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours
                [
                    *(sys.executable, "-I", "-W", "ignore::UserWarning", "-c", START),
                    *(str(self.folder), str(self.later), self._scratch),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | ITS_OWN,
            )
        return self._process

    def end(self) -> None:
        """Stop the press, if this process has one; the next job starts another."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            shutil.rmtree(self._scratch, ignore_errors=True)
        self._process, self._scratch = None, ""


def _folder_for_fonts() -> str:
    """A folder that goes with its press. Raises LetterCannotBeDrawnError."""
    try:
        return tempfile.mkdtemp(prefix="kapnet-press-")
    except OSError as error:
        if error.errno in FULL:
            raise LetterCannotBeDrawnError(NO_ROOM_LEFT) from error
        raise


def _stop(process: subprocess.Popen[bytes], hangs: threading.Event) -> None:
    hangs.set()
    process.kill()


def _exchange(process: subprocess.Popen[bytes], job: Job) -> tuple[int, bytes]:
    """Hand a job over and take the answer. Raises OSError and struct.error where none comes."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the PDF worker has no pipes")
    process.stdin.write(job_bytes(job))
    process.stdin.flush()
    status, content = _answer(process.stdout)
    return _answer(process.stdout) if status == READY else (status, content)


def _answer(stdout: IO[bytes]) -> tuple[int, bytes]:
    status, length = ANSWER.unpack(stdout.read(ANSWER.size))
    content = stdout.read(length)
    if len(content) < length:
        raise OSError("the PDF worker stopped in the middle of its answer")
    return status, content
