"""Who reads the sheet."""

from __future__ import annotations

import pytest
from django.test import Client

from kapnet.core.people.models import User


@pytest.fixture
def reader(client: Client, therapist: User) -> Client:
    """A therapist, signed in."""
    client.force_login(therapist)
    return client
