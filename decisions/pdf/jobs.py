"""What the server hands to its press and takes back; it needs no library that draws."""

from __future__ import annotations

import errno
import struct
from typing import BinaryIO, NamedTuple

MOST_PAGES = 60
DRAWN, TOO_LONG, FAILED, NO_ROOM, READY, BOXES = 0, 1, 2, 3, 4, 5
FULL = (errno.ENOSPC, errno.EDQUOT)
"""Errors of a disk, or of one's share of it, that has no room left."""

JOB = struct.Struct("!IIId")
"""Lengths of the HTML, the style sheet and the identifier of a job, which follow; its seconds."""

ANSWER = struct.Struct("!BI")
"""How it went, and the length of the PDF or of the words that follow."""


class Job(NamedTuple):
    """One document to draw. identifier: 16 bytes that the PDF carries; seconds: of computing."""

    html: str
    style: str
    identifier: bytes
    seconds: float = 30


def read_job(jobs: BinaryIO) -> Job | None:
    """The next job; None at the end."""
    head = jobs.read(JOB.size)
    if len(head) < JOB.size:
        return None
    *lengths, seconds = JOB.unpack(head)
    html, style, identifier = (jobs.read(length) for length in lengths)
    return Job(html.decode(), style.decode(), identifier, seconds)


def job_bytes(job: Job) -> bytes:
    """A job as it is handed over."""
    parts = (job.html.encode(), job.style.encode(), job.identifier)
    return JOB.pack(*map(len, parts), job.seconds) + b"".join(parts)
