"""Asked in a process of its own, so that what an answer needed does not stay in memory."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable


def in_a_child(ask: Callable[[], str]) -> str:
    """What a function says in a forked process: what it imports and makes there goes with it.

    Only while this process has one thread, and best before it has a connection: the child uses one
    that is open, and leaves it open. Raises ChildProcessError when the function raised; the child
    has said on standard error what.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _say_and_end(ask, writing)
    os.close(writing)
    with open(reading, "rb") as said:
        answer = said.read()
    if os.waitpid(child, 0)[1] != 0:
        raise ChildProcessError("the question was not answered")
    return answer.decode()


def _say_and_end(ask: Callable[[], str], writing: int) -> None:
    """Ends at once, whatever happens: nothing that the parent would do at its end is done twice."""
    status = 1
    try:
        with open(writing, "w", encoding="utf-8") as said:
            said.write(ask())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
