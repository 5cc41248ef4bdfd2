"""The page of what is left to do: who sees it, what it lists, how it narrows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from evidence.hook_points import TO_DO
from evidence.loading import load_dossier
from evidence.todo import todo
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import load_own_dossier

pytestmark = pytest.mark.django_db

WIDTHS: list[ViewportSize] = [{"width": 360, "height": 800}, {"width": 1280, "height": 800}]


@pytest.fixture
def curator(client_for: Callable[[User], Client], evidence_admin: User) -> Client:
    load_own_dossier()
    return client_for(evidence_admin)


def test_page_lists_all_that_the_own_dossier_leaves_open(curator: Client) -> None:
    page = curator.get(reverse("evidence:to_do")).content.decode()

    open_ones = todo(load_dossier(), today=timezone.localdate(), checks=TO_DO.tellers)
    assert f"{len(open_ones)} things to look into" in page
    assert "Without a certainty (14)" in page
    assert "/curation/entries/source/glue-2024/?open=" in page
    assert "the signs clash" in page


def test_page_narrows_to_one_kind(curator: Client) -> None:
    page = curator.get(reverse("evidence:to_do"), {"kind": "ungraded"}).content.decode()

    assert 'id="ungraded"' in page
    assert 'id="odd_number"' not in page


def test_kind_that_does_not_exist_shows_everything(curator: Client) -> None:
    page = curator.get(reverse("evidence:to_do"), {"kind": "<x>"}).content.decode()

    assert 'id="ungraded"' in page
    assert 'id="odd_number"' in page


def test_only_evidence_admins_see_it(client_for: Callable[[User], Client], therapist: User) -> None:
    assert client_for(therapist).get(reverse("evidence:to_do")).status_code == 403


def test_start_of_curation_leads_there(curator: Client) -> None:
    assert reverse("evidence:to_do") in curator.get(reverse("curation:home")).content.decode()


def test_odd_number_is_named_beside_it(curator: Client) -> None:
    page = curator.get("/evidence/shanok-2024/").content.decode()

    assert "the counts are quoted as 67 of 16, which cannot be" in page
    assert "not stated in the copy read" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", WIDTHS)
def test_page_in_browser(
    signed_in_page: Callable[..., Page],
    evidence_admin: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
    size: ViewportSize,
) -> None:
    load_own_dossier()
    page = signed_in_page(evidence_admin)
    page.set_viewport_size(size)

    page.goto("/evidence/to-do/")
    axe(page)
    reflows(page)

    page.get_by_role("link", name="Odd numbers").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?kind=odd_number")
    axe(page)
