"""What a scope allows, and what a manager ticks."""

from __future__ import annotations

import pytest

from kapnet.core.clients.scopes import (
    RIGHTS,
    UnknownScope,
    allows,
    needs_agreement,
    read_scope,
    rights_of,
    scopes_of,
)
from tests.collecting import for_each

ALLOWED = [
    (["system/Task.rsu"], "system/Task.u"),
    (["system/Task.rs", "system/Task.u"], "system/Task.rus"),
    (["system/*.rs"], "system/Patient.rs"),
    (["system/*.rs"], "system/*.rs"),
    (["system/Decision.rs"], "system/Decision.r"),
]
REFUSED = [
    ([], "system/Task.r"),
    (["system/Task.rs"], "system/Task.u"),
    (["system/Task.rs"], "system/Tasks.r"),
    (["system/Patient.rs"], "system/*.rs"),
    (["system/*.rs"], "system/Patient.u"),
    (["system/*.rs"], "system/Decision.r"),
]
ODD = [
    *("", "system/Task", "system/Task.", "system/Task.read", "system/Task.rr"),
    *("patient/Task.r", "user/Task.r", "system/Task.rs?owner=1", "system/task.r", "system/*.*"),
    *("openid", "system/Task.r system/Patient.r", "system/Task.r\n"),
]


@for_each("case", ALLOWED, ids=str)
def test_scope_covers(case: tuple[list[str], str]) -> None:
    assert allows(*case)


@for_each("case", REFUSED, ids=str)
def test_scope_does_not_cover(case: tuple[list[str], str]) -> None:
    assert not allows(*case)


@for_each("text", ODD, ids=repr)
def test_odd_scope_is_none(text: str) -> None:
    with pytest.raises(UnknownScope):
        read_scope(text)


def test_what_is_ticked_is_what_is_shown_again() -> None:
    for one in RIGHTS:
        assert rights_of(scopes_of([one.key])) == (one,)
        assert one.needs_agreement == needs_agreement(one.scopes) == (one.key == "everything")
    assert rights_of(scopes_of(one.key for one in RIGHTS)) == RIGHTS
