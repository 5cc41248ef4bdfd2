"""Fixtures for every test: people of two clinics, a browser that sees only this machine, axe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from kapnet.at_rest.keys import make_key
from kapnet.clinics.models import Clinic, Role, User
from tests.factories import make_clinic, make_member, make_user

# Playwright's own event loop makes Django believe that database calls come from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = {"width": 1280, "height": 900}


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


# The database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A file for SQLite, as in real life: a database in memory is one connection for all."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(autouse=True, scope="session")
def flush_past_triggers() -> Iterator[None]:
    """Lets the test runner empty tables whose triggers forbid it, with those triggers off."""
    empty = "_fixture_teardown"
    flush = getattr(TransactionTestCase, empty)

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with triggers_off():
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, empty, flush_without_triggers)
        yield


TRAIL_RIGHTS = "UPDATE, DELETE, TRUNCATE ON audit_event, audit_link"


class triggers_off:  # noqa: N801, reads as a function
    """The database without its triggers, for as long as the block runs.

    On PostgreSQL with the right to change the audit trail, too.
    """

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(
                    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
                )
                self.tables = [table for (table,) in cursor.fetchall()]
                for table in self.tables:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(f"GRANT {TRAIL_RIGHTS} TO CURRENT_USER")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.triggers = cursor.fetchall()
            for name, _ in self.triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')

    def __exit__(self, *problem: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in self.tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                cursor.execute(f"REVOKE {TRAIL_RIGHTS} FROM CURRENT_USER")
                return
            for _, sql in self.triggers:
                cursor.execute(sql)


# People


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
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"]
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

    def only_this_machine(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1", None):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def make(user: User | None = None, **options: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url,
            **{"viewport": DESKTOP, "service_workers": "block", "bypass_csp": False, **options},
        )
        context.route("**/*", only_this_machine)
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
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG_TAGS
        )
        assert not found["violations"], "\n".join(_in_words(one) for one in found["violations"])

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
