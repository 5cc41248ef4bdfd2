"""Reads of what clinics list."""

from __future__ import annotations

from decisions.smart.models import EhrIssuer
from kapnet.core.people.models import Clinic


def launches_from(clinic: Clinic, iss: str) -> bool:
    """Whether this clinic lists an EHR by this address, and has not switched it off."""
    return bool(
        EhrIssuer.objects.filter(clinic=clinic, iss=iss.rstrip("/"), is_active=True).exists()
    )
