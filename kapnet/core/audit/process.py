"""What a process that follows chains does. Nothing of Django's is imported before it is set up."""

from __future__ import annotations

from uuid import UUID


def begin(database: str) -> None:
    """Read the same database as who asked."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database


def follow(chain: str, is_whole: bool) -> tuple[int, str, str]:
    """How far a chain holds, by place and hash, and what is wrong with it."""
    from kapnet.core.audit.verifying import check_chain

    checked = check_chain(UUID(chain), is_whole=is_whole)
    return *checked.head, checked.problem
