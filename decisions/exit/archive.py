"""An archive that is written from front to back, with the hash of each file in its last one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "manifest.json"
README = "README.txt"
FORMAT = 1
"""Counts changes of the archive that a reader has to know of."""
QUICK = 1
"""Of zlib: JSON shrinks to a tenth by the quickest level already."""


class Entry:
    """One file of the archive while it is written."""

    def __init__(self, name: str, out: IO[bytes]) -> None:
        self.name, self.lines, self.bytes = name, 0, 0
        self._out, self._sha256 = out, hashlib.sha256()

    def write(self, part: bytes) -> None:
        """Add a part; a line is one part."""
        self._out.write(part)
        self._sha256.update(part)
        self.lines += 1
        self.bytes += len(part)

    def as_listed(self) -> dict[str, object]:
        """As the manifest has it."""
        return {"name": self.name, "bytes": self.bytes, "sha256": self._sha256.hexdigest()}


class Archive:
    """A ZIP on its way to somewhere that cannot be gone back in."""

    def __init__(self, out: IO[bytes], moment: datetime) -> None:
        self._zip = ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=QUICK)
        self._moment = moment.astimezone(UTC)
        self._listed: list[dict[str, object]] = []

    @contextmanager
    def entry(self, name: str, *, is_packed: bool = True) -> Iterator[Entry]:
        """A file, written meanwhile."""
        told = ZipInfo(name, date_time=self._moment.timetuple()[:6])
        told.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
        told.external_attr = 0o600 << 16
        with self._zip.open(told, "w", force_zip64=True) as out:
            made = Entry(name, out)
            yield made
        self._listed.append(made.as_listed())

    def add(self, name: str, content: bytes, *, is_packed: bool = True) -> None:
        """A whole file."""
        with self.entry(name, is_packed=is_packed) as entry:
            entry.write(content)

    def close(self, said: dict[str, Any]) -> None:
        """The manifest, then the end."""
        manifest = {"format": FORMAT, **said, "files": self._listed}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        self._zip.writestr(ZipInfo(MANIFEST, self._moment.timetuple()[:6]), text.encode())
        self._zip.close()
