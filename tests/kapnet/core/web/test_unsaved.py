"""What is typed and left behind comes back, for its person alone; nobody leaves it unasked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.forms import BaseForm, Field, PasswordInput
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Dialog, Page, expect

from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.questionnaire.questionnaire import QuestionType
from kapnet.core.people.models import User
from kapnet.core.web.unsaved import LONGEST_KEPT_CHARACTERS
from tests.collecting import for_each
from tests.decisions.case_factories import make_case

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
OpenPage = Callable[..., Page]
ADDRESS = "/accounts/unsaved/"
PAGE = "/cases/1/plan/"
SECTIONS = load_edition(CURRENT_EDITION).questionnaire.sections
WITH_A_NUMBER = next(
    one for one in SECTIONS if any(q.type is QuestionType.INTEGER for q in one.questions)
)
TYPED = [[0, "watcher", "Maren Sentinel"]]
LONG = "Sertraline " * 7000
"""More than a browser sends of a page that is left."""


def keep(client: Client, fields: object, page: str = PAGE) -> int:
    sent = {"page": page, "fields": json.dumps(fields)}
    return client.post(ADDRESS, sent, headers={"HX-Request": "true"}).status_code


def kept(client: Client, page: str = PAGE) -> object:
    return client.get(ADDRESS, {"page": page}).json()["fields"]


def test_what_was_left_comes_back_to_its_page_and_person_until_it_is_saved(
    client_for: ClientFor, therapist: User, staff: User
) -> None:
    client = client_for(therapist)

    assert keep(client, TYPED) == 204
    assert kept(client) == TYPED
    assert kept(client, "/elsewhere/") == []
    assert kept(client_for(staff)) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM shared_cache WHERE cache_key LIKE %s", ["%unsaved%"])
        assert "Sentinel" not in str(cursor.fetchall())
    keep(client, [])
    assert kept(client) == []


@for_each("fields", [{}, "x", [["0", "a", "b"]], [[0, "a"]], [[True, "a", "b"]], [[0, "a", None]]])
def test_what_no_page_sends_is_not_kept(
    client_for: ClientFor, therapist: User, fields: object
) -> None:
    client = client_for(therapist)

    assert keep(client, fields) == 204
    assert kept(client) == []


def test_too_much_is_refused_and_what_was_kept_before_stays(
    client_for: ClientFor, therapist: User
) -> None:
    client = client_for(therapist)
    keep(client, TYPED)

    assert keep(client, [[0, "a", "x" * LONGEST_KEPT_CHARACTERS]]) == 413
    assert kept(client) == TYPED


def test_one_person_leaves_so_many_pages_within_the_time(
    client_for: ClientFor, therapist: User, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "unsaved.keep": "2/h/user"}
    client = client_for(therapist)

    assert [keep(client, TYPED, f"/{page}/") for page in range(3)] == [204, 204, 429]


def test_no_password_and_no_code_of_any_form_is_kept(
    client_for: ClientFor, therapist: User
) -> None:
    assert get_resolver().reverse_dict, "addresses import every form"
    secrets = {
        name
        for form in _forms(BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, PasswordInput) or _completes(field) in SECRETS
    }
    client = client_for(therapist)

    keep(client, [*TYPED, *([0, name, "123456"] for name in sorted(secrets))])

    assert {"password", "code"} < secrets
    assert kept(client) == TYPED


SECRETS = {"one-time-code", "current-password", "new-password"}


def _forms(form: type[Any]) -> Iterator[type[Any]]:
    for one in form.__subclasses__():
        yield one
        yield from _forms(one)


def _completes(field: Field) -> str:
    return str(field.widget.attrs.get("autocomplete", ""))


@pytest.mark.django_db(transaction=True)
def test_leaving_asks_first_and_back_brings_it_back(
    signed_in_page: OpenPage, therapist: User
) -> None:
    case = make_case(therapist)
    page = signed_in_page(therapist)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(reverse("history:history", args=[case.pk]))
    page.goto(reverse("history:add", args=[case.pk, "trials"]))
    page.get_by_label("Medicine", exact=True).fill("Sertraline")
    page.get_by_label("Result", exact=True).select_option(index=1)
    chosen = page.get_by_label("Result", exact=True).input_value()
    page.get_by_role("link", name="Back to the treatment history").click()
    page.wait_for_url("**/history/#trials")
    page.go_back()

    assert asked == ["beforeunload"]
    expect(page.get_by_text("What you typed is back. It is not saved.")).to_be_visible()
    expect(page.get_by_label("Medicine", exact=True)).to_have_value("Sertraline")
    expect(page.get_by_label("Result", exact=True)).to_have_value(chosen)

    medicine = page.get_by_label("Medicine", exact=True)
    medicine.evaluate("field => field.removeAttribute('maxlength')")
    with page.expect_response(f"**{ADDRESS}"):
        medicine.fill(LONG)
    page.reload()

    expect(page.get_by_label("Medicine", exact=True)).to_have_value(LONG)
    assert asked == ["beforeunload"] * 2

    asked.clear()
    page.get_by_label("Medicine", exact=True).fill("Sertraline")
    page.get_by_label("Weeks at that dose").fill("99999")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Back to the treatment history").click()
    page.wait_for_url("**/history/#trials")

    assert asked == ["beforeunload"]

    page.goto(reverse("cases:section", args=[case.pk, WITH_A_NUMBER.id]))
    number = page.locator("#answers input[inputmode=numeric]").first
    number.fill("4O")
    number.blur()
    page.locator("[data-question] .nhsuk-error-message").first.wait_for()
    page.locator("a.k-back").click()
    page.wait_for_url("**/cases/*/")

    assert asked == ["beforeunload"] * 2

    page.go_back()

    expect(page.locator("#answers input[inputmode=numeric]").first).to_have_value("4O")
