"""What a child is asked, and what stays of it."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from kapnet.core.in_a_child import in_a_child


def test_answer_comes_back_whole() -> None:
    assert in_a_child(lambda: "ą" * 200_000) == "ą" * 200_000


def test_what_the_child_did_stays_with_it() -> None:
    def ask() -> str:
        sys.modules["of_the_child"] = sys
        return str(os.getpid())

    assert in_a_child(ask) != str(os.getpid())
    assert "of_the_child" not in sys.modules


def test_question_that_fails_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    def ask() -> str:
        raise ValueError("why")

    with pytest.raises(ChildProcessError):
        in_a_child(ask)

    assert "ValueError: why" in capfd.readouterr().err


def test_child_that_dies_is_no_answer() -> None:
    def ask() -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return "never said"

    with pytest.raises(ChildProcessError):
        in_a_child(ask)
