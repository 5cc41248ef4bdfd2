"""Steps of the desk for tests, taken as its pages take them."""

from __future__ import annotations

from typing import Any

from decisions.desk.actions import take_step
from decisions.desk.models import Delivery
from decisions.letters.models import Letter
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of


def delivery_of(letter: Letter, user: User) -> Delivery:
    """The delivery as it is now."""
    with clinic_of(user):
        return Delivery.objects.get(letter=letter)


def step(letter: Letter, user: User, status: str, **values: Any) -> Delivery:
    """One step by somebody who sees the newest page."""
    version = delivery_of(letter, user).version
    with clinic_of(user):
        return take_step(letter=letter, by=user, seen_version=version, status=status, **values)
