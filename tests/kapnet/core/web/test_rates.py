"""Counting by an internal part of allauth: of which version, from where, and that it counts."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from django.test import RequestFactory

from kapnet.core.web.rates import TRIED_WITH, is_within, rates_of

ROOT = Path(__file__).parents[4]
RATES = {"test_rates": "2/5m/ip,9/1h/ip"}


def test_allauth_is_the_version_that_counting_was_tried_with() -> None:
    assert version("django-allauth") == TRIED_WITH, (
        "Read allauth/core/internal/ratelimit.py of the new version, run this file, then set "
        "TRIED_WITH in kapnet/core/web/rates.py"
    )


def test_one_module_alone_uses_what_allauth_keeps_for_itself() -> None:
    sources = [
        one
        for folder in ("kapnet", "decisions", "evidence")
        for one in (ROOT / folder).rglob("*.py")
    ]

    users = [one.name for one in sources if ".internal" in one.read_text()]

    assert users == ["rates.py"]


@pytest.mark.django_db
def test_requests_are_counted_by_address() -> None:
    def post(address: str) -> bool:
        return is_within(RequestFactory(REMOTE_ADDR=address).post("/"), "test_rates", RATES)

    read = RequestFactory(REMOTE_ADDR="192.0.2.1").get("/")

    assert [post("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert post("192.0.2.2")
    assert is_within(read, "test_rates", RATES)
    assert not is_within(read, "test_rates", RATES, counts_get=True)
    assert rates_of("test_rates", RATES) == [(2, 300), (9, 3600)]
