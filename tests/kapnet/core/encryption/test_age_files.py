"""Files under a passphrase: written in frames, read from any place, and nothing else opens."""

from __future__ import annotations

import base64
import io
import resource
from io import BufferedReader
from pathlib import Path

import pytest

from kapnet.core.encryption.age_files import (
    FRAME,
    SEALED_FRAME,
    SealedFileProblem,
    SealedReader,
    SealingWriter,
    make_file_key,
)
from tests.collecting import for_each

PASSPHRASE = "six words that do not belong together"
LITTLE = 10
"""Of work for scrypt: so that a test takes no half second for each file."""


def sealed(content: bytes, *, at_once: int = 1_000) -> bytes:
    out = io.BytesIO()
    writer = SealingWriter(make_file_key(PASSPHRASE, work=LITTLE), out.write)
    for start in range(0, len(content), at_once):
        writer.write(content[start : start + at_once])
    writer.finish()
    return out.getvalue()


def opened(file: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return BufferedReader(SealedReader(io.BytesIO(file), passphrase)).read()


def content_of(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


@for_each(
    ("size", "frames"),
    [(0, 1), (1, 1), (FRAME - 1, 1), (FRAME, 1), (FRAME + 1, 2), (3 * FRAME, 3)],
)
def test_what_was_written_comes_back(size: int, frames: int) -> None:
    file = sealed(content_of(size), at_once=50_000)

    assert opened(file) == content_of(size)
    assert len(file) == file.index(b"\n---") + len("\n--- ") + 43 + 1 + 16 + size + 16 * frames


def test_any_place_is_read_without_what_is_before_it() -> None:
    content = content_of(3 * FRAME + 5)
    reader = SealedReader(io.BytesIO(sealed(content)), PASSPHRASE)

    reader.seek(-9, io.SEEK_END)

    assert reader.read(4) == content[-9:-5]
    reader.seek(FRAME - 2)
    assert BufferedReader(reader).read(6) == content[FRAME - 2 : FRAME + 4]


def test_what_was_changed_moved_or_cut_does_not_open() -> None:
    file = sealed(content_of(2 * FRAME + 9))
    begin = len(file) - 9 - 16 - 2 * SEALED_FRAME
    first, second, rest = (
        file[begin + at * SEALED_FRAME : begin + (at + 1) * SEALED_FRAME] for at in range(3)
    )
    head = file[:begin]
    wrong = {
        "swapped": head + second + first + rest,
        "cut at a frame": head + first + second,
        "cut": file[:-1],
        "longer": file + b"x",
        "twice": head + first + first + rest,
        "changed": head + first[:-1] + bytes([first[-1] ^ 1]) + second + rest,
        "nothing": head[:-3],
    }

    assert [what for what, bad in wrong.items() if not is_damaged(bad)] == []


def is_damaged(file: bytes) -> bool:
    try:
        opened(file)
    except SealedFileProblem as problem:
        return "damaged" in str(problem)
    return False


@for_each(
    ("file", "why"),
    [
        (b"", "no file under a passphrase"),
        (b"age-encryption.org/v1\n-> X25519 abc\n", "no file under a passphrase"),
        (sealed(b"x").replace(b" 10\n", b" 21\n", 1), "no file under a passphrase"),
        (sealed(b"x").replace(b" 10\n", b" 11\n", 1), "passphrase is wrong"),
        (sealed(b"x").replace(b"\n--- ", b"\n--- A", 1), "no file under a passphrase"),
    ],
)
def test_beginning_that_is_none_is_refused(file: bytes, why: str) -> None:
    with pytest.raises(SealedFileProblem, match=why):
        opened(file)


def test_file_that_asks_for_more_memory_than_there_is_does_not_open() -> None:
    dear = sealed(b"x").replace(b" 10\n", b" 20\n", 1)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    little = pages * resource.getpagesize() + 200_000_000
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (little, hard))
    try:
        with pytest.raises(SealedFileProblem, match="gigabyte"):
            opened(dear)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_other_passphrase_opens_nothing_and_the_same_one_typed_otherwise_does() -> None:
    with pytest.raises(SealedFileProblem, match="passphrase is wrong"):
        opened(sealed(b"x"), PASSPHRASE.upper())
    out = io.BytesIO()
    writer = SealingWriter(make_file_key("Zu\u0308rich in the morning", work=LITTLE), out.write)
    writer.write(b"x")
    writer.finish()
    assert opened(out.getvalue(), "Z\u00fcrich in the morning") == b"x"


MADE_BY_PYRAGE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBNb0Y0VDFOWVJBTjlYNkVnMGhyY093IDE4CjY0WHZ5RzV4bX"
    "NCSGtUNlIzbUptZXNEMy9leitDRDZYYVpoNGJZNkFITGMKLS0tIG1iQy9kZWt4WDMydERXYXVuNXo5c2grSHFLMDZW"
    "V1lvc0ZJQjlyWmY1YUkKD/ASKoBEOCaN05GeQtIlnxqn/Sm9qtCAKhAFyrSAVM8LcO2njcX/12vGxOnFEsa8xvSgZi"
    "R7mo2T"
)


@pytest.mark.long
def test_file_of_another_program_opens() -> None:
    """Made by pyrage 1.4.0, which is not ours."""
    assert opened(MADE_BY_PYRAGE, "correct horse battery staple") == b"Made by another program.\n"
