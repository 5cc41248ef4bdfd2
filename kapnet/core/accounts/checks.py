"""Checks before an installation opens (ids clinics.W...)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from kapnet.core.people.demo import left_of_a_demo, why_no_demo


@register()
def demo_is_on_this_machine(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """clinics.E001: accounts with known passwords, where real people may work."""
    why = why_no_demo() if settings.DEMO else ""
    hint = "Take DEMO out of the settings. A real installation is never made of a demo."
    return [Error(why, hint=hint, id="clinics.E001")] if why else []


@register(Tags.database)
def demo_accounts_are_closed(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """clinics.W002: asked by `migrate`, by a server that starts, and by `check --database`."""
    if not databases:
        return []
    try:
        left = left_of_a_demo()
    except DatabaseError:  # before the first migration
        return []
    said = f"Accounts of a demo open with the password that everybody knows: {', '.join(left)}."
    hint = "Switch them off in the admin. A real installation is never made of a demo."
    return [Warning(said, hint=hint, id="clinics.W002")] if left else []


@register(deploy=True)
def second_factor_is_required(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """A password alone must not open the work of a clinic."""
    if settings.MFA_REQUIRED:
        return []
    return [
        Warning(
            "Managers, evidence admins, the owner and signers of letters need no second factor.",
            hint="Leave MFA_REQUIRED out, or set it to true.",
            id="clinics.W001",
        )
    ]
