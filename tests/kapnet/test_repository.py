"""What is under version control holds no secret (S-51)."""

from __future__ import annotations

import base64
import binascii
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.collecting import for_each

ROOT = Path(settings.BASE_DIR)
GIVEN = re.compile(
    r"""(?:SECRET|\w_KEYS?|PASSWORD|PASSPHRASE|TOKEN)["']?\s*[:=]\s*["']?([A-Za-z0-9_+/=-]{16,})"""
)
"""A name of something secret with a value that could be one."""
OF_A_KIND = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abp]-[0-9A-Za-z-]{10,}"
    r"|[a-z]+://[^/\s:@$'{}]+:(?!FAKE|made-up)[A-Za-z0-9]{12,}@"
)
"""What is secret by its form: private keys, keys of services, passwords in addresses."""
MADE_UP = re.compile(r"only-|FAKE|a-new-key|0123456789abcdef|JBSWY3DPEHPK3PXP")
"""Values for tests, measurements and the demo say of themselves that they are none."""


def is_made_up(value: str) -> bool:
    """Whether it says so, also where it is written in base64."""
    try:
        plain = base64.urlsafe_b64decode(value).decode()
    except (binascii.Error, ValueError):
        plain = ""
    return bool(MADE_UP.search(value) or MADE_UP.search(plain))


def secrets_in(text: str) -> list[str]:
    """What in a file could be a secret."""
    named = [value for value in GIVEN.findall(text) if not is_made_up(value)]
    return [value for value in named if re.search(r"\d", value)] + OF_A_KIND.findall(text)


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name]


@pytest.mark.slow
def test_s51_no_file_under_version_control_holds_a_secret() -> None:
    found = {}
    for name in tracked():
        file = ROOT / name
        if file.is_file() and not file.is_symlink():
            found[name] = secrets_in(file.read_bytes().decode(errors="replace"))

    assert len(found) > 500
    assert {name: values for name, values in found.items() if values} == {}


def test_s51_files_with_keys_are_not_added() -> None:
    kept = ("var/env", "var/kapnet.sqlite3", "var/demo-accounts", ".env")
    ignored = subprocess.run(
        ["git", "check-ignore", *kept], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ignored.stdout.split() == list(kept)
    assert not {*kept} & {*tracked()}


@for_each(
    "text",
    [
        "SECRET_KEY=" + "u4Kd93jskDlqPz7Xw2mVb5NtYh8RcGfE",
        "API_KEY=" + "0a9d8f7e6c5b4a3928171605",
        "-----BEGIN PRIVATE" + " KEY-----\nMIIEvQ",
        "postgresql://kapnet" + ":hunter2hunter2@db/kapnet",
    ],
)
def test_s51_secret_would_be_found(text: str) -> None:
    assert secrets_in(text)
