"""The crisis line: one setting, shown in plain sight wherever somebody may need it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as own_settings
from django.test import Client

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case

pytestmark = pytest.mark.django_db

ELSEWHERE = {
    "emergency_number": "112",
    "call_or_text": "555-0100",
    "chat": "chat.example",
    "hours": "from six to ten",
    "more": "Sailors: signal.",
}
NUMBERS = re.compile(r"\b(?:988|911|838255)\b|24 hours a day")


@pytest.fixture
def elsewhere(settings: object) -> None:
    """An installation in another country."""
    settings.CRISIS_LINE = ELSEWHERE  # type: ignore[attr-defined]


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("address", ["/accounts/login/", "/about/", "/no-such-page/"])
def test_whole_block_comes_from_the_setting(client: Client, therapist: User, address: str) -> None:
    if address == "/no-such-page/":
        client.force_login(therapist)

    page = client.get(address).content.decode()

    assert "If you might hurt yourself, get help now." in page
    assert all(words in page for words in ELSEWHERE.values())
    assert not NUMBERS.search(page)


@pytest.mark.usefixtures("elsewhere")
def test_item9_has_the_whole_block(client: Client, therapist: User, case: Case) -> None:
    client.force_login(therapist)

    page = client.get(f"/cases/{case.pk}/episode/").content.decode()

    assert "A zero on item 9 does not rule risk out." in page
    assert all(words in page for words in ELSEWHERE.values())


@pytest.mark.usefixtures("elsewhere")
def test_guide_has_the_line_from_the_setting(client: Client, therapist: User) -> None:
    client.force_login(therapist)

    page = client.get("/guide/").content.decode()

    assert "call or text 555-0100, from six to ten." in page


def test_no_template_names_a_number_of_its_own() -> None:
    folder: Path = own_settings.BASE_DIR / "templates"

    found = [one.name for one in folder.rglob("*.html") if NUMBERS.search(one.read_text())]

    assert found == []
