"""What every answer carries, and what none shows: S-24, S-25, S-39, S-40, S-50."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from decisions.desk.exporting import run_export
from decisions.desk.models import Export
from evidence.curation.models import ImportFile
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_signed
from tests.evidence.evidence_factories import load_own_dossier
from tests.factories import PASSWORD, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def assert_guarded(response: HttpResponseBase) -> None:
    """The heads that guard a browser."""
    assert response["Strict-Transport-Security"].startswith("max-age=31536000")
    assert_guarded_where_it_is(response)


def assert_guarded_where_it_is(response: HttpResponseBase) -> None:
    """The same but for HSTS, which an answer to a watcher of the machine does not give."""
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]


@for_each(
    ("method", "address", "status"),
    [
        ("get", "/", 200),
        ("head", "/", 200),
        ("get", "/cases/", 302),
        ("get", "/nowhere/", 404),
        ("delete", "/about/", 405),
        ("post", "/verify/", 422),
        ("get", "/static/src/letter.css", 200),
        ("get", "/static/none.css", 404),
    ],
)
def test_s40_answers_to_anybody_are_guarded(
    settings: Any, method: str, address: str, status: int
) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

    response = getattr(Client(), method)(address, secure=True)

    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("delete", 405)])
def test_s40_health_is_guarded(method: str, status: int) -> None:
    response = getattr(Client(), method)("/healthz")

    assert response.status_code == status
    assert_guarded_where_it_is(response)


def test_s40_files_fragments_and_refusals_are_guarded(
    therapist: User, staff: User, client_for: ClientFor, settings: Any
) -> None:
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    letter = make_signed(therapist)
    client = client_for(therapist)
    pdf, case = reverse("letters:pdf", args=[letter.pk]), f"/cases/{letter.case_id}/"

    answers: tuple[Any, ...] = (
        client.get(pdf, secure=True),
        client.get(case, secure=True, headers={"HX-Request": "true"}),
        client.get("/clinic/", secure=True),
        client.get("/evidence/releases/schema.json", secure=True),
        client_for(staff).get(case, secure=True),
        Client(enforce_csrf_checks=True).post("/accounts/login/", secure=True),
        Client().post("/profile/", secure=True, headers={"HX-Request": "true"}),
        Client().get("/", secure=True, headers={"host": "evil.example"}),
        Client().post("/verify/", secure=True, headers={"content-length": "99999999"}),
    )

    for response in answers:
        assert_guarded(response)


def test_s40_cookies_are_for_this_host_and_no_script(therapist: User) -> None:
    therapist.set_password(PASSWORD)
    therapist.save(update_fields=["password"])
    client = Client()
    client.get("/accounts/login/", secure=True)

    client.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD}, secure=True)
    client.get("/profile/", secure=True)

    assert len(client.cookies) >= 3
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
        assert not cookie["domain"], cookie.key
        assert bool(cookie["secure"]) is not project.DEBUG, cookie.key
        assert cookie.key.startswith(project.HOST_PREFIX), cookie.key


@for_each(
    "target",
    [
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://testserver@evil.example/",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,a",
        "/%0d%0aLocation:%20https://evil.example",
    ],
    undone=True,
)
def test_s39_next_page_is_an_own_one(therapist: User, target: str) -> None:
    therapist.set_password(PASSWORD)
    therapist.save(update_fields=["password"])
    fields = {"login": therapist.email, "password": PASSWORD}

    posted = Client().post("/accounts/login/", {**fields, "next": target})
    asked = Client().post(f"/accounts/login/?next={quote(target, safe='')}", fields)

    for response in (posted, asked):
        place = response["Location"]
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))
        assert "\n" not in place


@pytest.mark.django_db(transaction=True)
def test_s24_line_breaks_in_an_invitation_make_no_head(
    manager: User, client_for: ClientFor, settings: Any
) -> None:
    settings.SENDS_MAIL = True
    client = client_for(manager)
    name = "New Person\r\nBcc: evil@example.test\r\n\r\nHello"
    fields = {"name": name, "email": "new@example.test", "role": "staff"}

    client.post("/clinic/", fields)
    client.post("/clinic/", {**fields, "email": "two@example.test\nBcc: evil@example.test"})
    client.post("/clinic/", {**fields, "name": "New Person"})
    worked()

    assert len(mail.outbox) == 1
    for sent in mail.outbox:
        message = message_from_bytes(sent.message().as_bytes())
        assert message["Bcc"] is None
        assert sent.recipients() == ["new@example.test"]


def test_s24_s25_download_is_named_by_its_number_alone(
    therapist: User, staff: User, client_for: ClientFor
) -> None:
    letter = make_signed(therapist, recipient_name='x"\r\nSet-Cookie: a=b; ../../evil')
    client = client_for(staff)

    response = client.get(reverse("letters:pdf", args=[letter.pk]))

    assert response["Content-Disposition"] == f'attachment; filename="{letter.number}.pdf"'


def test_s25_archive_names_no_folder(therapist: User, staff: User, client_for: ClientFor) -> None:
    letter = make_signed(therapist)
    client = client_for(staff)
    client.post(reverse("desk:exports"), {"letter": str(letter.pk)})
    with clinic_of(staff):
        export = Export.objects.get()
    run_export(export.pk)

    packed = client.get(reverse("desk:file", args=[export.pk])).content

    with ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == [f"{letter.number}.pdf", "manifest.json"]


@pytest.mark.parametrize("name", ["../../etc/evil.ris", "/etc/evil.ris", "..\\..\\evil.ris"])
def test_s25_uploaded_file_keeps_its_last_name_alone(
    evidence_admin: User, client_for: ClientFor, name: str
) -> None:
    file = SimpleUploadedFile("evil.ris", b"TY  - JOUR\nTI  - A\nER  - \n")
    file.name, file._name = name, name  # type: ignore[attr-defined]

    client_for(evidence_admin).post(reverse("curation:imports"), {"file": file})

    kept = ImportFile.objects.get().name
    assert kept == "evil.ris"


@for_each(
    "address",
    [
        "/proof/../",
        "/proof/..%2f..%2fkapnet/",
        "/proof/2026.1%00/",
        "/evidence/releases/..%2f..%2fetc%2fpasswd/",
        "/evidence/releases/../evidence.json",
        "/static/../kapnet/settings.py",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/static//etc/passwd",
    ],
    undone=True,
)
def test_s25_path_that_climbs_finds_nothing(
    therapist: User, client_for: ClientFor, settings: Any, address: str
) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    load_own_dossier()

    assert client_for(therapist).get(address).status_code in (400, 404)


@for_each(
    "address",
    ["/.git/config", "/.env", "/var/env", "/docs/", "/metrics", "/__debug__/", "/server-status"],
)
def test_s50_nothing_of_the_machine_is_public(address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_s50_admin_is_closed_to_a_clinic(clinic: Clinic, client_for: ClientFor, role: Role) -> None:
    person = make_member(clinic=clinic, role=role)

    assert client_for(person).get("/admin/").status_code in (302, 403)
    assert Client().get("/admin/").status_code == 302
