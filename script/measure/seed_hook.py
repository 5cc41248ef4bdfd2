"""A record system of the demo clinic; takes its public key, and prints nothing."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django_scopes import scope  # noqa: E402

from kapnet.core.clients.models import ApiClient  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402


def seed(key: str, issuer: str) -> None:
    """Let a record system with this key call."""
    person = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = person.membership.clinic
    with scope(clinic=clinic):
        ApiClient.objects.create(
            clinic=clinic,
            name="Measured",
            kind=ApiClient.Kind.CDS,
            issuer=issuer,
            keys=[json.loads(key)],
            made_by=person,
        )


if __name__ == "__main__":
    seed(*sys.argv[1:])
