"""Colleagues and sites for tests: reached by the actions that pages use."""

from __future__ import annotations

from typing import Any

from kapnet.core.directory.actions import add_colleague, add_site, verify_site
from kapnet.core.directory.models import Site
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of

REACHED = {
    "organization": "Harbor TMS Center",
    "address": "1 Harbor Street\nSpringfield",
    "phone": "555-0111",
    "secure_reply": "fax 555-0121",
    "accepts_referrals": "yes",
}


def make_site(
    keeper: User,
    *,
    name: str = "Dr. D. Beispiel",
    verified: bool = True,
    colleague: dict[str, Any] | None = None,
    **values: Any,
) -> Site:
    """A site of a new colleague, in the clinic of whoever keeps the directory."""
    with clinic_of(keeper):
        entry = add_colleague(
            clinic=keeper.membership.clinic,
            actor=keeper,
            values={"name": name, **(colleague or {"is_tms_provider": True})},
        )
        site = add_site(colleague=entry, actor=keeper, values={**REACHED, **values})
        if verified:
            verify_site(site=site, actor=keeper, saved_at=site.saved_at)
            site.refresh_from_db()
    return site
