"""Demo accounts come where they are harmless, or when asked for by name."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE
from kapnet.core.people.models import Clinic, User

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BY_NAME = "--yes-create-demo-accounts"


def test_refused_with_debug_off(settings: Settings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("create_demo")

    assert not User.objects.exists()


def test_refused_on_postgresql(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    monkeypatch.setattr(connection, "vendor", "postgresql")

    with pytest.raises(CommandError, match="on SQLite"):
        call_command("create_demo")


def test_asked_for_by_name_makes_each_account_once() -> None:
    for _ in range(2):
        printed = StringIO()
        call_command("create_demo", BY_NAME, stdout=printed)

    assert User.objects.count() == len(DEMO_PEOPLE) == 6
    assert Clinic.objects.count() == 2
    assert not User.objects.filter(is_superuser=True).exists()
    for person in DEMO_PEOPLE:
        assert person.email in printed.getvalue()
    assert DEMO_PASSWORD in printed.getvalue()


def test_demo_account_signs_in() -> None:
    call_command("create_demo", BY_NAME, stdout=StringIO())

    response = Client().post(
        "/accounts/login/", {"login": "manager@demo.example", "password": DEMO_PASSWORD}
    )

    assert response.status_code == 302
