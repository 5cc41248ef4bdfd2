"""What a request cannot smuggle in: another clinic's rows, an id, a role (S-04, S-07, S-08)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.letters.models import Letter
from kapnet.core.people.models import Membership, Role, User
from tests.collecting import for_each
from tests.whole.matrix.world import PATIENT, World

pytestmark = pytest.mark.django_db

LISTS = [
    (Role.THERAPIST, "cases:list"),
    (Role.THERAPIST, "desk:queue"),
    (Role.STAFF, "desk:queue"),
    (Role.STAFF, "desk:exports"),
    (Role.STAFF, "letters:on_withdrawn"),
    (Role.STAFF, "directory:list"),
    (Role.MANAGER, "clinic"),
    (Role.MANAGER, "trail:trail"),
]
ASKED = [
    {},
    {"whose": "clinic"},
    {"q": "Matrixpatient"},
    {"q": "Beispiel"},
    {"clinic": "{clinic}", "clinic_id": "{clinic}", "clinic__id": "{clinic}"},
    {"case__clinic_id": "{clinic}", "patient_name__contains": "Matrix", "_connector": "OR"},
    {"status": "done' OR 1=1 --", "assigned_to": "{person}", "sort": "-case__patient_name"},
]


@for_each("asked", ASKED, ids=lambda one: "-".join(one) or "nothing")
@for_each(("role", "name"), LISTS, undone=True)
def test_s07_list_holds_no_row_of_another_clinic(
    world: World, role: Role, name: str, asked: dict[str, str]
) -> None:
    place = Membership.objects.get(user_id=world.objects["user_id"])
    known = {"clinic": place.clinic_id, "person": place.user_id}
    asked = {one: value.format(**known) for one, value in asked.items()}

    for method in ("get", "post"):
        response = getattr(world.outsiders[role], method)(reverse(name), asked)

        assert response.status_code < 500
        page = response.content.decode().replace('value="Matrixpatient"', "")
        assert PATIENT not in page
        assert str(world.objects["case_id"]) not in page
        assert "Dr. D. Beispiel" not in page
        assert place.user.email not in page


def test_s07_list_holds_the_rows_of_the_own_clinic(world: World) -> None:
    page = world.clients[Role.THERAPIST].get(reverse("desk:queue"), {"q": "Matrixpatient"})

    assert PATIENT in page.content.decode()


def test_s04_new_case_takes_no_id_clinic_or_therapist_from_the_form(world: World) -> None:
    with scopes_disabled():
        stolen = Case.objects.get(pk=world.objects["case_id"])
        before = Case.objects.count()

    world.outsiders[Role.THERAPIST].post(
        reverse("cases:new"),
        {
            "patient_name": "New Person",
            "id": str(stolen.pk),
            "pk": str(stolen.pk),
            "case": str(stolen.pk),
            "clinic": str(stolen.clinic_id),
            "clinic_id": str(stolen.clinic_id),
            "therapist": str(stolen.therapist_id),
            "number": "1",
        },
    )

    with scopes_disabled():
        made = Case.objects.latest("created_at")
        assert made.patient_name == "New Person"
        stolen.refresh_from_db()
        assert Case.objects.count() == before + 1
    assert made.pk != stolen.pk
    assert made.clinic_id != stolen.clinic_id
    assert made.therapist_id != stolen.therapist_id
    assert stolen.patient_name == PATIENT


@pytest.mark.parametrize("role", list(Role))
def test_s08_profile_takes_no_role_or_right_from_the_form(world: World, role: Role) -> None:
    client = world.outsiders[role]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    clinic = person.membership.clinic_id

    client.post(
        reverse("profile"),
        {
            "name": "Still Me",
            "is_staff": "on",
            "is_superuser": "on",
            "is_evidence_admin": "on",
            "is_active": "",
            "email": "taken@test.example",
            "id": str(uuid4()),
            "role": "manager",
            "membership-role": "manager",
            "clinic": str(world.objects["user_id"]),
        },
    )

    after = User.objects.get(pk=person.pk)
    assert after.name == "Still Me"
    assert (after.is_staff, after.is_superuser, after.is_evidence_admin) == (False, False, False)
    assert (after.is_active, after.email) == (True, person.email)
    assert (after.membership.role, after.membership.clinic_id) == (role, clinic)


def test_s08_draft_is_not_signed_by_fields_of_its_form(world: World) -> None:
    places = {name: world.objects[name] for name in ("case_id", "letter_id")}
    world.clients[Role.THERAPIST].post(
        reverse("letters:letter", kwargs=places),
        {"signed_at": "2026-01-01T00:00", "status": "issued", "pdf": "x", "content_sha256": "0"},
    )

    with scopes_disabled():
        letter = Letter.objects.get(pk=world.objects["letter_id"])
    assert not letter.is_signed
    assert not letter.pdf
