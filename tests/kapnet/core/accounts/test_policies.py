"""The table of policies as people read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from kapnet.core.accounts.management.commands.write_policies import DOCUMENT
from kapnet.core.accounts.policies import POLICIES
from kapnet.core.accounts.presenters import policies_in_markdown, policy_rows
from kapnet.core.people.models import User

ClientFor = Callable[[User], Client]
Check = Callable[[Page], None]


def test_document_of_policies_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == policies_in_markdown(), (
        "Run manage.py write_policies."
    )


def test_row_says_yes_to_everybody_where_anyone_may() -> None:
    rows = dict(zip(POLICIES, policy_rows(), strict=True))

    assert set(rows["letter.verify"].answers) == {"yes"}
    assert rows["case.work"].answers == ("no", "yes", "no", "no", "no", "no")


@pytest.mark.django_db
def test_page_shows_every_action_to_a_manager(client_for: ClientFor, manager: User) -> None:
    page = client_for(manager).get("/clinic/who-may-do-what/")

    assert page.context["rows"] == policy_rows()
    assert page.content.decode().count('<th scope="row">') == len(POLICIES)


@pytest.mark.django_db(transaction=True)
def test_page_is_accessible(
    signed_in_page: Callable[..., Page], manager: User, fits: Check
) -> None:
    page = signed_in_page(manager)

    page.goto("/clinic/who-may-do-what/")

    fits(page)
