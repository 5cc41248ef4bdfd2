"""Documents that this process drew of late: the same job again costs nothing.

They hold what a patient said, so they stay in the memory of the process that composed them, are
few, and are forgotten soon. None is found but by the digest of its whole job.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from decisions.pdf.jobs import Job, job_bytes

KEPT_FOR = 600
"""Seconds after its drawing that a document is kept: from a preview to the next look at it."""
MOST_BYTES = 4 * 1024 * 1024
"""Of all documents that are kept: some sixty letters."""


class _Kept(NamedTuple):
    content: bytes
    until: float


class Drawn:
    """The documents drawn last, by what they were drawn from."""

    def __init__(self, clock: Callable[[], float] = monotonic, kept_for: float = KEPT_FOR) -> None:
        self._clock, self._kept_for = clock, kept_for
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._forgets_later = False

    def of(self, job: Job, draw: Callable[[Job], bytes]) -> bytes:
        """The document of a job: as it was drawn before, or drawn now. What `draw` raises goes on.

        Two who ask at the same time may both draw it; the press gives both the same bytes.
        """
        digest = hashlib.sha256(job_bytes(job)).digest()
        with self._lock:
            self._forget_the_old()
            kept = self._kept.get(digest)
        if kept is not None:
            return kept.content
        content = draw(job)
        with self._lock:
            self._kept[digest] = _Kept(content, self._clock() + self._kept_for)
            self._forget_the_old()
            self._forget_later()
        return content

    def _forget_later(self) -> None:
        """Also where nobody asks for a document any more."""
        if self._kept and not self._forgets_later:
            self._forgets_later = True
            timer = threading.Timer(self._kept_for, self._time_is_over)
            timer.daemon = True
            timer.start()

    def _time_is_over(self) -> None:
        with self._lock:
            self._forgets_later = False
            self._forget_the_old()
            self._forget_later()

    def _forget_the_old(self) -> None:
        """The first was drawn first: it goes when its time is over, or when there are too many."""
        size = sum(len(one.content) for one in self._kept.values())
        for digest, one in list(self._kept.items()):
            if one.until > self._clock() and size <= MOST_BYTES:
                return
            size -= len(one.content)
            del self._kept[digest]
