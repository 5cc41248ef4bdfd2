"""That no call of a task on a large stack pays for a chunk of its own."""

from __future__ import annotations

import resource
from collections.abc import Callable
from threading import Thread

from kapnet.core.large_stack import on_a_large_stack

CALLS, DEEPEST = 300, 800
"""Calls of a loop, and how far below the start of its task a loop is tried."""
FEW = CALLS // 3
"""Pages that a task may be given: those that it uses. A chunk with each call is one page each."""


def pages_taken(task: Callable[..., object], *given: object) -> int:
    """Pages of memory that the system had to give while a task ran."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    task(*given)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def loop_below(depth: int) -> None:
    if depth:
        loop_below(depth - 1)
    else:
        for n in range(CALLS):
            nothing(n)


def nothing(n: int) -> int:
    return n


def pages_at_each_depth(task: Callable[..., object]) -> dict[int, int]:
    """What a new thread was given for the task: how deep its loop was, and how many pages."""
    taken: dict[int, int] = {}

    def try_each() -> None:
        taken.update((depth, pages_taken(task, depth)) for depth in range(DEEPEST))

    thread = Thread(target=try_each)
    thread.start()
    thread.join()
    assert len(taken) == DEEPEST
    return taken


def test_no_loop_takes_a_chunk_with_each_call() -> None:
    plain = pages_at_each_depth(loop_below)
    with_room = pages_at_each_depth(on_a_large_stack(loop_below))

    assert max(plain.values()) > CALLS, "else no large stack is needed any more"
    assert {depth: pages for depth, pages in with_room.items() if pages > FEW} == {}


def test_function_is_called_as_it_is() -> None:
    def add(one: int, *, two: int) -> int:
        return one + two

    assert on_a_large_stack(add)(1, two=2) == 3
