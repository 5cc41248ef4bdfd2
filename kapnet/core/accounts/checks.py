"""Checks before an installation opens (ids clinics.W...)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register(deploy=True)
def second_step_is_required(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """A password alone must not open the work of a clinic."""
    if settings.MFA_REQUIRED:
        return []
    return [
        Warning(
            "Managers, evidence admins, the owner and whoever signs letters need no second step.",
            hint="Leave MFA_REQUIRED out, or set it to true.",
            id="clinics.W001",
        )
    ]
