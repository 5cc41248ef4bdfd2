"""The directory in Chromium: a colleague is added without JavaScript; axe; narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kapnet.core.people.models import User
from tests.kapnet.core.directory.directory_factories import make_site

Pages = Callable[..., Page]
Check = Callable[[Page], None]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("java_script", [True, False])
def test_colleague_is_added_and_verified(
    staff: User, signed_in_page: Pages, java_script: bool
) -> None:
    page = signed_in_page(staff, java_script_enabled=java_script)
    page.goto(reverse("directory:list"))

    page.get_by_role("link", name="Add a colleague").click()
    page.get_by_label("Name of the person or service").fill("Dr. N. New")
    page.get_by_label("TMS provider").check()
    page.get_by_role("button", name="Save and add a site").click()
    page.get_by_label("Address").fill("1 Harbor Street")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="I checked these details").click()

    expect(page.get_by_text("Verified", exact=True)).to_be_visible()


def test_pages_of_the_directory_are_accessible_and_reflow(
    staff: User, signed_in_page: Pages, fits: Check
) -> None:
    site = make_site(staff, organization="Center for " + "long" * 30)
    make_site(staff, name="Dr. Unverified", verified=False, accepts_referrals="not_known")
    page = signed_in_page(staff)

    for address in (
        reverse("directory:list"),
        f"{reverse('directory:list')}?q=nobody",
        reverse("directory:new"),
        reverse("directory:colleague", args=[site.colleague_id]),
        reverse("directory:edit", args=[site.colleague_id]),
        reverse("directory:edit_site", args=[site.colleague_id, site.pk]),
    ):
        page.goto(address)
        fits(page)
