"""A demo says that it is one, on one machine, with invented patients."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django.fixtures import Settings

from decisions.cases.models import Case, Decision
from decisions.desk.demo_patients import PATIENTS, make_demo_patients
from decisions.letters.models import Letter
from decisions.worklist.sample_views import sample_file
from kapnet.core.directory.management.commands import create_demo
from kapnet.core.people.demo import DEMO_PASSWORD, make_demo
from kapnet.core.people.models import User
from kapnet.core.web import error_pages, rate_limits

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ClientFor = Callable[[User], Client]
SQLITE_ALONE = "DEMO needs DEBUG=true and SQLite."


@pytest.fixture
def demo(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings.DEMO = settings.DEBUG = settings.OPEN_WITHOUT_SIGN_IN = True
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    monkeypatch.setattr("kapnet.core.people.demo.is_harmless_here", lambda: True)
    return settings


def said_of_demo() -> list[str]:
    return [one.msg for one in checks.run_checks() if one.id == "clinics.E001"]


def here(path: str, **fields: str) -> Any:
    return Client(headers={"host": "127.0.0.1"}).get(path, fields)


def test_a_demo_starts_on_one_machine_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["127.0.0.1"]
    assert said_of_demo() == [SQLITE_ALONE]
    monkeypatch.setattr("kapnet.core.people.demo.is_harmless_here", lambda: True)
    assert said_of_demo() == []
    for hosts in (["127.0.0.1", "clinic.example"], ["*"]):
        settings.ALLOWED_HOSTS = hosts
        assert "this machine alone" in said_of_demo()[0]
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert "this machine alone" in said_of_demo()[0]
    settings.DEMO = False
    assert said_of_demo() == []
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo_patients")


def test_patients_of_a_demo_have_decisions_and_letters_on_their_way(demo: Settings) -> None:
    call_command(create_demo.Command(), "--yes-create-demo-accounts", stdout=StringIO())

    assert make_demo_patients() == len(PATIENTS) == 3
    assert make_demo_patients() == 0

    with scopes_disabled():
        assert Case.objects.count() == Decision.objects.count() == 3
        letters = list(Letter.objects.select_related("delivery").order_by("sequence"))
    assert [one.delivery.status for one in letters] == ["sent", "ready"]
    for letter in letters:
        assert letter.status == Letter.Status.SIGNED
        assert letter.content["foot"].startswith("Invented data · ")


def test_the_sign_in_page_fills_in_an_account_and_no_admin(demo: Settings) -> None:
    call_command(create_demo.Command(), "--yes-create-demo-accounts", stdout=StringIO())

    for path in ("/", "/accounts/login/"):
        html = here(path).content.decode()
        assert "This is a demo." in html
        assert "Invented data." in html
        assert "evidence1" not in html
        assert DEMO_PASSWORD not in html
        filled = here(path, **{"as": "staff-at-demo"}).content.decode()
        assert 'value="staff@demo.example"' in filled
        assert DEMO_PASSWORD in filled
        for other in ("evidence1-at-demo", "nobody", "staff@demo.example"):
            assert DEMO_PASSWORD not in here(path, **{"as": other}).content.decode()


@pytest.mark.usefixtures("demo")
def test_every_page_of_a_demo_says_that_its_data_are_invented() -> None:
    pages = [here(path) for path in ("/r/", "/f/help/", "/no-such-page/", "/about/")]
    pages += [error_pages.bad_request(RequestFactory().get("/"))]  # needs no database

    for page in pages:
        assert "<strong>Invented data.</strong>" in page.content.decode(), page


def test_outside_of_a_demo_nothing_is_filled_in(client: Client) -> None:
    for path in ("/", "/accounts/login/"):
        html = client.get(path, {"as": "staff-at-demo"}).content.decode()
        assert "demo" not in html.lower()
        assert DEMO_PASSWORD not in html


def test_accounts_that_a_demo_left_behind_are_named(settings: Settings) -> None:
    settings.DEMO = False
    assert said_of_accounts() == []
    make_demo()
    User.objects.exclude(email="staff@demo.example").update(is_active=False)

    (said,) = said_of_accounts()

    assert said.endswith("that everybody knows: staff@demo.example.")
    settings.DEMO = True
    assert said_of_accounts() == []


def said_of_accounts() -> list[str]:
    found = checks.run_checks(tags=["database"], databases=["default"])
    return [one.msg for one in found if one.id == "clinics.W002"]


def test_guide_and_sample_are_open_where_the_setting_says_so(
    client: Client, settings: Settings
) -> None:
    def answers(*names: str) -> list[int]:
        return [client.get(reverse(name)).status_code for name in names]

    assert answers("cases:sample", "evidence:guide") == [302, 302]
    settings.OPEN_WITHOUT_SIGN_IN = True
    assert answers("cases:sample", "evidence:guide") == [200, 200]
    assert answers("cases:list", "evidence:list", "cases:new") == [302, 302, 302]


def test_address_reads_so_many_open_pages_within_the_time(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    client_for: ClientFor,
    staff: User,
) -> None:
    settings.OPEN_WITHOUT_SIGN_IN = True
    monkeypatch.setitem(rate_limits.VISITORS_READ, "visitor.read", "1/m/ip")
    guide, signed_in = reverse("evidence:guide"), client_for(staff)

    assert [client.get(guide).status_code for _ in range(2)] == [200, 429]
    assert [signed_in.get(guide).status_code for _ in range(2)] == [200, 200]


def test_the_sample_is_no_row(client: Client, settings: Settings, therapist: User) -> None:
    settings.OPEN_WITHOUT_SIGN_IN = True

    html = client.get(reverse("cases:sample")).content.decode()

    assert "This patient is invented." in html
    with scopes_disabled():
        assert not Case.objects.exists()
    assert str(sample_file().case.pk) not in html
    assert "/cases/" not in html
