"""Readers of settings: a setting is right, or the program stops with one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import environ

VAR_DIR = Path(__file__).resolve().parent.parent / "var"
MINUTES_OF_A_DAY = 24 * 60
env = environ.Env()
if (VAR_DIR / "env").is_file():
    environ.Env.read_env(VAR_DIR / "env")


def stop(sentence: str) -> NoReturn:
    """End the program with a sentence that says what to do."""
    raise SystemExit(sentence)


def read_text(name: str, default: str | None = None) -> str:
    """A text; without a default it has to be there."""
    value = str(env.str(name, default="")).strip()
    if value:
        return value
    if default is None:
        stop(f"{name} is not set. Run script/setup, or set it in the environment or in var/env.")
    return default


def read_truth(name: str, *, default: bool) -> bool:
    """true or false."""
    value = read_text(name, str(default)).lower()
    if value in ("true", "1", "yes", "on"):
        return True
    if value in ("false", "0", "no", "off"):
        return False
    stop(f"{name} is {value!r}. Set it to true or false.")


def read_number(name: str, *, default: int) -> int:
    """A whole number from 0."""
    value = read_text(name, str(default))
    if not value.isascii() or not value.isdigit():
        stop(f"{name} is {value!r}. Set it to a whole number.")
    return int(value)


def read_days(name: str, *, default: int, most: int) -> int:
    """A whole number from 1."""
    value = read_number(name, default=default)
    if not 1 <= value <= most:
        stop(f"{name} is {value}. Set it to days from 1 to {most}.")
    return value


def read_minutes(name: str, *, default: int) -> int:
    """A whole number from 1 to the minutes of a day."""
    value = read_number(name, default=default)
    if not 1 <= value <= MINUTES_OF_A_DAY:
        stop(f"{name} is {value}. Set it to minutes from 1 to {MINUTES_OF_A_DAY}.")
    return value


def read_choice(name: str, *choices: str) -> str:
    """One of a few words; the first is the default."""
    value = read_text(name, choices[0])
    if value not in choices:
        stop(f"{name} is {value!r}. Set it to one of: {', '.join(choices)}.")
    return value


def read_list(name: str, default: str) -> list[str]:
    """Words with commas between them."""
    return [word.strip() for word in read_text(name, default).split(",") if word.strip()]


BY_PERSON = re.compile(r"[1-9]\d{0,5}/\d{0,3}[smhd]/user")
BY_VISITOR = re.compile(r"[1-9]\d{0,5}/\d{0,3}[smhd]/(?:ip|key)")


def read_limits(name: str, default: str) -> str:
    """How often a person may do something, as 120/m/user or 120/m/user,900/h/user.

    On pages without sign-in: one address and all together, as 30/m/ip,300/m/key.
    """
    value = read_text(name, default)
    form = BY_VISITOR if default.endswith(("/ip", "/key")) else BY_PERSON
    if not all(form.fullmatch(one) for one in value.split(",")):
        stop(f"{name} is {value!r}. Write it as {default}, with s, m, h or d for the time.")
    return value


def read_time_zone(name: str, default: str) -> str:
    """A time zone by its name, as America/New_York."""
    from zoneinfo import ZoneInfo

    value = read_text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        stop(f"{name} is {value!r}. Set it to a time zone such as America/New_York.")
    return value
