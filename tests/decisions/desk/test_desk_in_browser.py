"""The desk in Chromium: axe, narrow, by keyboard, without script, and a worker at work."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from decisions.desk.models import Reply, ReplyLink
from kapnet.core.people.models import User
from tests.conftest import SMALLEST
from tests.decisions.case_factories import clinic_of
from tests.decisions.desk.desk_factories import step
from tests.decisions.letters.stored_letters import make_signed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


def work() -> None:
    """What a worker does until nothing waits."""
    call_command("db_worker", batch=True, reload=False, startup_delay=False, stdout=StringIO())


def test_pages(
    signed_in_page: OpenPage, therapist: User, staff: User, axe: Check, reflows: Check
) -> None:
    letter = make_signed(therapist)
    step(letter, staff, "sent", how="fax", proof="4711", note="Rang up.")
    with clinic_of(staff):
        made = {"clinic": letter.clinic}
        link = ReplyLink.objects.create(
            letter=letter, code_sha256="0" * 64, ends_at=timezone.now(), **made
        )
        Reply.objects.create(link=link, kind="asks", text="When?", name="Dr. Beispiel", **made)
    page = signed_in_page(staff)

    for address in (
        reverse("desk:queue"),
        f"{reverse('desk:queue')}?status=done",
        reverse("desk:letter", args=[letter.pk]),
        reverse("desk:exports"),
        reverse("reminders:due"),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        axe(page)
        page.set_viewport_size(SMALLEST)
        reflows(page)


def test_file_of_letters_from_the_list_to_the_download(
    signed_in_page: OpenPage, therapist: User, staff: User, axe: Check
) -> None:
    letter = make_signed(therapist)
    page = signed_in_page(staff)
    page.goto(reverse("desk:queue"))

    page.get_by_label(f"Choose {letter.number}").check()
    page.get_by_role("button", name="One PDF for the printer").click()
    page.wait_for_url("**/letters/exports/**")
    expect(page.get_by_role("progressbar")).to_be_visible()
    axe(page)
    page.reload()
    expect(page.get_by_text("0 of 1 letters looked at").first).to_be_visible()
    work()

    expect(page.get_by_role("link", name="Download the file")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_step_without_script_and_by_keyboard(
    signed_in_page: OpenPage, therapist: User, staff: User
) -> None:
    letter = make_signed(therapist)
    page = signed_in_page(staff, java_script_enabled=False)
    page.goto(reverse("desk:letter", args=[letter.pk]))

    page.get_by_label("Sent", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("How it was sent").select_option("fax")
    page.get_by_label("What shows it").fill("report 4711")
    page.get_by_role("button", name="Note it").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("shown by report 4711")).to_be_visible()


STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys(),
  performance.getEntriesByType("navigation").map(one => one.name),
])"""


@pytest.mark.parametrize("with_script", [True, False])
def test_s44_s46_searched_name_stays_out_of_address_and_storage(
    signed_in_page: OpenPage, therapist: User, staff: User, with_script: bool
) -> None:
    make_signed(therapist)
    page = signed_in_page(staff, java_script_enabled=with_script)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    page.goto(reverse("desk:queue"))

    page.get_by_label("Name, letter number or recipient").fill("Testcase")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/letters/?search=on")
    expect(page.get_by_text("1 signed letter found")).to_be_visible()
    page.get_by_role("link", name="L-", exact=False).first.click()
    page.wait_for_url("**/desk/")
    page.go_back()
    page.wait_for_url("**/letters/?search=on")
    expect(page.get_by_label("Name, letter number or recipient")).to_have_value("Testcase")
    page.reload()

    expect(page.get_by_text("1 signed letter found")).to_be_visible()
    assert not [one for one in asked if "Testcase" in one]
    if with_script:
        assert "Testcase" not in page.evaluate(STORED)
        assert page.evaluate("htmx.config.historyEnabled") is False


def test_letter_taken_along_is_exported_on_the_page_at_once(
    signed_in_page: OpenPage, therapist: User, staff: User
) -> None:
    letter = make_signed(therapist)
    page = signed_in_page(staff)
    page.goto(reverse("desk:letter", args=[letter.pk]))
    page.get_by_label("Note").first.fill("Rang up.")

    with page.expect_download() as download:
        page.get_by_role("button", name=f"Export {letter.number}").click()

    assert download.value.suggested_filename == f"{letter.number}.pdf"
    expect(page.locator("[data-where=now]")).to_contain_text("Exported")
    expect(page.get_by_label("Note").first).to_have_value("Rang up.")
    expect(page.locator("input[name=seen_version]").first).to_have_value("2")
    expect(page.get_by_label("Exported", exact=True)).to_have_count(0)
