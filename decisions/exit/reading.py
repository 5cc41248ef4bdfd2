"""The archive of a clinic, opened and checked before anything of it is used."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any, BinaryIO, Self
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from decisions.exit.archive import FORMAT, MANIFEST
from decisions.exit.versions import unknown_here
from decisions.rules.loading import edition_ids
from kapnet.core.encryption.age_files import SEALED_FRAME, SealedFileProblem, SealedReader

AT_ONCE = 256 * 1024
LONGEST_LINE = 64 * 1024 * 1024
LONGEST_MANIFEST = 256 * 1024 * 1024
NAME = re.compile(
    r"README\.txt|(fhir|letters|records|audit|editions|evidence)/[\w-][\w.-]*\.(ndjson|jsonl|json|pdf)"
)
DAMAGED = "The file is damaged: {what}. Nothing was changed."
NEWER = (
    "The file was written by a newer version of the program. Update this installation first. "
    "Nothing was changed."
)
BROKEN = (BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError, RuntimeError)
"""What reading a ZIP raises that is none, or not the one that was written."""


class EnterRefused(Exception):
    """A file that is not taken in; the message says why. Nothing was changed."""


class Listed(BaseModel):
    """One file, as the manifest has it."""

    model_config = ConfigDict(frozen=True)
    name: str
    bytes: int = Field(ge=0)
    sha256: str


class ListedChain(BaseModel):
    """One closed chain."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    file: str
    links: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ListedClinic(BaseModel):
    """Whose file it is."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    name: str


class Manifest(BaseModel):
    """What an archive says of itself."""

    model_config = ConfigDict(frozen=True)
    format: int
    exit: UUID
    clinic: ListedClinic
    cases: int
    migrations: dict[str, str]
    editions: dict[str, str]
    chains: tuple[ListedChain, ...]
    counts: dict[str, int]
    files: tuple[Listed, ...]


class Opened:
    """An archive whose every file is what its manifest says."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = archive, manifest
        self.names = frozenset(archive.namelist())

    @classmethod
    def check(cls, archive: ZipFile) -> Self:
        """Read everything once. Raises EnterRefused."""
        made = cls(archive, _manifest_of(archive))
        names = archive.namelist()
        if len(made.names) != len(names):
            raise _damaged("a name is in it twice")
        listed = {one.name for one in made.manifest.files}
        if made.names != listed | {MANIFEST}:
            raise _damaged("its list of files names others than are in it")
        if odd := sorted(one for one in listed if not NAME.fullmatch(one)):
            raise _damaged(f"{odd[0]!r} is no name of one of its files")
        for one in made.manifest.files:
            made.check_file(one)
        return made

    def check_file(self, listed: Listed) -> None:
        """Whether a file is the one that was written."""
        found, size = hashlib.sha256(), 0
        with _broken_is_refused(), self._zip.open(listed.name) as file:
            while part := file.read(AT_ONCE):
                size += len(part)
                found.update(part)
                if size > listed.bytes:
                    break
        if (size, found.hexdigest()) != (listed.bytes, listed.sha256):
            raise _damaged(f"{listed.name} is not what was written")

    def read(self, name: str) -> bytes:
        """A whole file."""
        if name not in self.names:
            raise _damaged(f"{name} is missing")
        with _broken_is_refused():
            return self._zip.read(name)

    def lines(self, name: str) -> Iterator[Any]:
        """Each line of a file, as data."""
        if name not in self.names:
            raise _damaged(f"{name} is missing")
        with _broken_is_refused(), self._zip.open(name) as file:
            while line := file.readline(LONGEST_LINE):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    raise _damaged(f"{name} has a line that cannot be read") from None

    def parts(self, begin: str) -> list[str]:
        """The names of files that begin so, in order."""
        return sorted(one for one in self.names if one.startswith(begin))


@contextmanager
def open_archive(file: BinaryIO, passphrase: str) -> Iterator[Opened]:
    """Decrypt and check; nothing is written anywhere. Raises EnterRefused."""
    try:
        sealed = SealedReader(file, passphrase)
        with _broken_is_refused(), ZipFile(BufferedReader(sealed, SEALED_FRAME)) as archive:
            yield Opened.check(archive)
    except SealedFileProblem as problem:
        raise EnterRefused(f"{problem} Nothing was changed.") from None


@contextmanager
def _broken_is_refused() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise _damaged(type(error).__name__) from error


def _manifest_of(archive: ZipFile) -> Manifest:
    with _broken_is_refused():
        if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
            raise _damaged("its list of files is too long")
        text = archive.read(MANIFEST)
    try:
        said = json.loads(text)
        written_as = said.get("format") if isinstance(said, dict) else None
        if isinstance(written_as, int) and written_as > FORMAT:
            raise EnterRefused(NEWER)
        manifest = Manifest.model_validate(said)
    except (ValidationError, ValueError, RecursionError):
        raise _damaged("its list of files cannot be read") from None
    if unknown_here(manifest.migrations):
        raise EnterRefused(NEWER)
    if unknown := sorted(manifest.editions.keys() - set(edition_ids())):
        raise EnterRefused(
            f"This program has no edition {', '.join(unknown)}, by which cases of the file were "
            "asked. Update this installation first. Nothing was changed."
        )
    return manifest


def _damaged(what: str) -> EnterRefused:
    return EnterRefused(DAMAGED.format(what=what))
