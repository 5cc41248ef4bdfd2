"""Fixtures for every test: people of two clinics, a browser that sees only this machine, axe."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, TransactionTestCase, override_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from decisions.replay import impact, kept_reach
from kapnet.core.encryption.keys import make_key
from kapnet.core.people.models import Clinic, Role, User
from tests.decisions.live_editions import live  # noqa: F401, a fixture
from tests.evidence.evidence_factories import take_evidence_out
from tests.factories import make_clinic, make_member, make_user
from tests.template_database import database_for

gc.set_threshold(1_000_000)  # until all tests are collected: what is imported stays
# Playwright's own event loop makes Django believe that database calls come from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async tags => (
    await axe.run(document, {runOnly: tags, resultTypes: ["violations"]})
).violations"""
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
SMALLEST: ViewportSize = {"width": 320, "height": 800}


QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
"""A password that is hashed as in real life costs a third of a second; `real_hasher` does it."""
BOTH_DATABASES = "both_databases"
NO_DATABASE = "not database"
WHOLE_FILE_NEEDS_IT = re.compile(r"^pytestmark = .*\bmark\.(django_db|browser)\b", re.MULTILINE)
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
BROWSER_FIXTURES = {"chromium", "live_page", "signed_in_page", "browser_context_for"}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by the fixtures they use, so that none is run on the wrong occasion."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BROWSER_FIXTURES:
            item.add_marker("browser")
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")


def pytest_configure() -> None:
    """Brings a key for patients where the environment names none, for child processes, too."""
    if not settings.DATA_KEYS:
        os.environ["DATA_KEYS"] = make_key()
        settings.DATA_KEYS = [os.environ["DATA_KEYS"]]
    settings.PASSWORD_HASHERS = [QUICK_HASHER, *settings.PASSWORD_HASHERS]


def pytest_collection_finish() -> None:
    """Leaves thousands of tests and modules, which stay, out of every search for garbage."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves files unread in which no test can be wanted: importing them is what takes time."""
    if not (collection_path.name.startswith("test_") and collection_path.suffix == ".py"):
        return None
    wanted, text = config.option.markexpr, collection_path.read_text()
    if wanted.startswith(BOTH_DATABASES):
        return True if BOTH_DATABASES not in text else None
    if wanted.startswith(NO_DATABASE):
        return True if WHOLE_FILE_NEEDS_IT.search(text) else None
    return None


# The database


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A copy of the template for each worker; what a test commits is gone after it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        database = database_for(worker, tmp_path_factory.mktemp("database"))
        database.make()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.refresh())
        yield
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture
def no_evidence(db: None) -> None:
    """The database of an installation that has loaded no evidence yet."""
    take_evidence_out()


# What is worked out once


@pytest.fixture(autouse=True, scope="session")
def reach_for_each_evidence() -> Iterator[None]:
    """What an edition can reach under some evidence takes a second and depends on nothing else.

    The app keeps the last four, and tests of releases go to and fro between some more.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_reach, "search_reach", cache(impact.search_reach.__wrapped__))
        yield


# People


@pytest.fixture
def real_hasher() -> Iterator[None]:
    """Passwords are hashed as in real life."""
    real = [one for one in settings.PASSWORD_HASHERS if one != QUICK_HASHER]
    with override_settings(PASSWORD_HASHERS=real):
        yield


@pytest.fixture
def clinic(db: None) -> Clinic:
    """The clinic most tests are about."""
    return make_clinic()


@pytest.fixture
def therapist(clinic: Clinic) -> User:
    """A therapist of `clinic`."""
    return make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. A. Sample")


@pytest.fixture
def staff(clinic: Clinic) -> User:
    """A staff member of `clinic`."""
    return make_member(clinic=clinic, role=Role.STAFF, name="S. Staff")


@pytest.fixture
def manager(clinic: Clinic) -> User:
    """The manager of `clinic`."""
    return make_member(clinic=clinic, role=Role.MANAGER, name="M. Manager")


@pytest.fixture
def evidence_admin(db: None) -> User:
    """Curates evidence; belongs to no clinic."""
    return make_user(name="E. Curator", is_evidence_admin=True)


@pytest.fixture
def other_therapist(db: None) -> User:
    """A therapist behind another clinic's wall."""
    return make_member(
        clinic=make_clinic(name="Other clinic"), role=Role.THERAPIST, name="Dr. O. Other"
    )


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A signed-in test client of its own for each user."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


# The browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; never a downloaded browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-quic", "--disable-gpu", ONLY_THIS_MACHINE],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_context_for(
    chromium: Browser, live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, signed in or not; a request to any other host fails the test."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def note_foreign(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", "127.0.0.1", None):
            foreign.append(request.url)

    def make(user: User | None = None, **options: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url,
            **{"viewport": DESKTOP, "service_workers": "block", "bypass_csp": False, **options},
        )
        context.on("request", note_foreign)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not foreign, f"Pages asked other hosts: {foreign}"


def _session_cookie(user: User, url: str) -> Any:
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        # Secure cookies are set for https; Chromium sends them to this machine without it, too.
        "url": url.replace("http:", "https:") if settings.SESSION_COOKIE_SECURE else url,
    }


@pytest.fixture
def live_page(browser_context_for: Callable[..., BrowserContext]) -> Page:
    """A page of a visitor; `page.goto("/")` opens the live server."""
    return browser_context_for().new_page()


@pytest.fixture
def signed_in_page(browser_context_for: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page of someone signed in: `signed_in_page(user)`, with options of a browser context
    such as `java_script_enabled=False` or `viewport={"width": 320, "height": 800}`."""

    def open_page(user: User, **options: Any) -> Page:
        return browser_context_for(user, **options).new_page()

    return open_page


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Asserts that axe finds no violation of WCAG 2.2 A and AA on the page as it is now."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.wait_for_load_state("load")  # a page whose style is still on its way has small targets
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(source)
        violations = page.evaluate(RUN_AXE, WCAG_TAGS)
        assert not violations, "\n".join(_in_words(one) for one in violations)

    return check


def _in_words(violation: dict[str, Any]) -> str:
    places = "; ".join(node["html"][:160] for node in violation["nodes"][:5])
    return f"{violation['id']}: {violation['help']}: {places}"


@pytest.fixture
def reflows() -> Callable[[Page], None]:
    """Asserts that the page does not scroll sideways at its present width."""

    def check(page: Page) -> None:
        page.wait_for_load_state("load")
        sideways = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, f"{page.url} is {sideways} px too wide"

    return check


@pytest.fixture
def fits(axe: Callable[[Page], None], reflows: Callable[[Page], None]) -> Callable[[Page], None]:
    """Asserts both, on a narrow phone and on a desk."""

    def check(page: Page) -> None:
        for viewport in (SMALLEST, DESKTOP):
            page.set_viewport_size(viewport)
            axe(page)
            reflows(page)

    return check
