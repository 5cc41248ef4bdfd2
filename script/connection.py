"""Prints DATABASE_URL as the variables that PostgreSQL's programs read, for a shell to take.

Everybody on a machine can read the arguments of a program; its environment only its own user can.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from psycopg.pq import Conninfo


def exports(url: str) -> Iterator[str]:
    """A line for each part of the address that has a variable; keepalives have none."""
    for option in Conninfo.parse(url.encode()):
        if option.val is not None and option.envvar is not None:
            yield f"export {option.envvar.decode()}={shlex.quote(option.val.decode())}"


if __name__ == "__main__":
    print("\n".join(exports(os.environ["DATABASE_URL"])))
