"""The table of policies as a page and as a document show it, and the people of a clinic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from kapnet.core.accounts.policies import ANYONE, POLICIES, ROLES, Policy
from kapnet.core.notices.invitations import Invitation
from kapnet.core.people.models import Membership

YES, NO = "yes", "no"


@dataclass(frozen=True)
class PersonRow:
    """One person of a clinic. invitation: only while they have no password."""

    place: Membership
    invitation: Invitation | None

    @property
    def waits(self) -> bool:
        """Whether somebody can set a first password."""
        return self.place.is_active and not self.place.user.has_usable_password()


def present_people(
    people: Iterable[Membership], invitations: Mapping[UUID, Invitation]
) -> list[PersonRow]:
    """The people of a clinic with how far their invitation is."""
    return [PersonRow(one, invitations.get(one.user_id)) for one in people]


@dataclass(frozen=True)
class PolicyRow:
    """One action: what it is, what it reaches, and yes or no for each role."""

    words: str
    of: str
    answers: tuple[str, ...]


def policy_rows() -> list[PolicyRow]:
    """The table, line by line, with the roles in their order."""
    return [PolicyRow(one.words, one.of, _answers(one)) for one in POLICIES.values()]


def _answers(policy: Policy) -> tuple[str, ...]:
    """What anyone may, everybody may."""
    is_open = ANYONE in policy.roles
    return tuple(YES if is_open or role in policy.roles else NO for role in ROLES)


def policies_in_markdown() -> str:
    """docs/policies.md, whole."""
    head = ["What", "Reaches", *ROLES.values()]
    rows = [[row.words, row.of, *row.answers] for row in policy_rows()]
    lines = [f"| {' | '.join(one)} |" for one in (head, ["---"] * len(head), *rows)]
    return f"{MARKDOWN_HEAD}\n" + "\n".join(lines) + "\n"


MARKDOWN_HEAD = """# Who may do what

Written by `manage.py write_policies` from `kapnet/core/accounts/policies.py`, the one table that
every page asks. What it reaches ends with the clinic: another clinic's case, letter or
person is "not found" for everybody, and the attempt is recorded in the audit log. The owner of an
installation is an evidence admin besides.
"""
