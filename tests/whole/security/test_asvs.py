"""Requirements of OWASP ASVS 5.0 that no attack of the list tries, and the table of all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.factories import PASSWORD, make_member

ROOT = Path(settings.BASE_DIR)
TABLE = (ROOT / "docs" / "asvs.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
NEW = "another good long password"
DANGEROUS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "telnetlib"}
CODE = [one for part in ("kapnet", "decisions", "evidence") for one in (ROOT / part).rglob("*.py")]


def test_table_names_each_requirement_once() -> None:
    ids = [one for one, _, _ in ROW.findall(TABLE)]

    assert len(ids) == len(set(ids))
    assert len(ids) > 90


def test_row_of_the_table_has_a_test_or_says_what_is_missing() -> None:
    plain = ("does not apply", "not met", "not tested", "in part")

    for one, _, held in ROW.findall(TABLE):
        assert "`test_" in held or held.startswith(plain), one


@pytest.mark.slow
@for_each("file", CODE, ids=lambda one: str(one.relative_to(ROOT)))
def test_asvs_132_152_no_text_is_run_and_no_object_unpacked(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in DANGEROUS, node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {one.name for one in node.names} | {getattr(node, "module", "") or ""}
            assert not names & UNSAFE_MODULES, node.lineno


@pytest.mark.django_db
class TestSignIn:
    """Of passwords and sessions."""

    @pytest.fixture
    def known(self, clinic: Clinic) -> User:
        return make_member(clinic=clinic, role=Role.STAFF, password=PASSWORD)

    @pytest.fixture
    def client(self, known: User) -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
        return client

    def test_asvs_623_password_changes_with_the_old_one_only(
        self, client: Client, known: User
    ) -> None:
        fields = {"password1": NEW, "password2": NEW}

        client.post("/accounts/password/", {**fields, "oldpassword": "wrong password"})
        known.refresh_from_db()
        assert known.check_password(PASSWORD)

        client.post("/accounts/password/", {**fields, "oldpassword": PASSWORD})
        known.refresh_from_db()
        assert known.check_password(NEW)

    @pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/"])
    def test_asvs_626_627_password_is_masked_and_may_be_pasted(
        self, client: Client, address: str
    ) -> None:
        asking = Client() if "login" in address else client
        page = asking.get(address).content.decode()
        fields = re.findall(r'<input[^>]*name="[a-z]*password[12]?"[^>]*>', page)

        assert fields
        for one in fields:
            assert 'type="password"' in one
            assert "autocomplete=" in one
            assert 'autocomplete="off"' not in one
            assert "maxlength" not in one
            assert "onpaste" not in one

    @pytest.mark.parametrize("role", list(Role))
    def test_asvs_744_every_first_page_signs_out(
        self, clinic: Clinic, client_for: Callable[[User], Client], role: Role
    ) -> None:
        client = client_for(make_member(clinic=clinic, role=role))

        page = client.get("/", follow=True).content.decode()

        assert 'action="/accounts/logout/"' in page or 'href="/accounts/logout/"' in page


@pytest.mark.django_db
@for_each("address", ["/", "/about/", "/nowhere/", "/healthz", "/accounts/login/"])
def test_asvs_411_answers_name_their_type_and_encoding(address: str) -> None:
    response = Client().get(address)

    assert response["Content-Type"] in ("text/html; charset=utf-8", "text/plain; charset=utf-8")


@pytest.mark.django_db
def test_asvs_1537_the_address_adds_no_field_to_a_posted_form(
    manager: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(manager)
    fields = {"name": "New Person", "email": "new@test.example"}

    response = client.post("/clinic/?role=manager", fields)

    assert response.status_code == 422
    assert not User.objects.filter(email="new@test.example").exists()
