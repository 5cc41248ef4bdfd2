"""Who signed on withdrawn evidence closes the task in a browser, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kapnet.core.people.models import User
from tests.decisions.letters.signer_tasks.test_withdrawal_tasks import address_of
from tests.decisions.letters.stored_letters import make_signed
from tests.decisions.letters.test_withdrawn import cited_key
from tests.evidence.evidence_factories import withdraw


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_script", [True, False])
def test_signer_closes_the_task_in_browser(
    signed_in_page: Callable[..., Page],
    therapist: User,
    fits: Callable[[Page], None],
    with_script: bool,
) -> None:
    letter = make_signed(therapist)
    withdraw(cited_key(letter), reason="Data withdrawn by its authors.")
    page = signed_in_page(therapist, java_script_enabled=with_script)
    check = fits if with_script else (lambda page: None)

    page.goto("/cases/")
    check(page)
    page.get_by_role("link", name=letter.number).click()
    page.wait_for_url(f"**{address_of(letter)}")
    check(page)
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_role("link", name="Write what follows")).to_be_visible()
    check(page)
    page.get_by_label("What follows from it").fill("Called the clinic.")
    page.get_by_role("button", name="I have seen it").click()

    expect(page.get_by_text("Nothing is open")).to_be_visible()
    expect(page.get_by_text("Called the clinic.")).to_be_visible()
    check(page)
