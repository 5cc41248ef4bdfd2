"""Who a case is about: corrected with a reason, old details kept, letters right after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.finding.name_index import named
from decisions.cases.models import Case
from decisions.cases.queries import cases_with_context, file_of
from decisions.letters.actions import start_correction
from decisions.letters.composition import Composition
from decisions.letters.models import Letter
from decisions.patient.models import PatientCorrection
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, file_for, make_case
from tests.decisions.letters.stored_letters import make_signed
from tests.factories import make_member

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
BORN = date(1984, 3, 14)


def url(case: Case) -> str:
    return reverse("patient:patient", args=[case.pk])


def post(client: Client, case: Case, **changes: str) -> Any:
    """Post the form as its page shows it, with these changes."""
    form = client.get(url(case)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return client.post(url(case), {**shown, "reason": "Misheard on the phone.", **changes})


def as_stored(case: Case, therapist: User) -> Case:
    with clinic_of(therapist):
        return Case.objects.get(pk=case.pk)


def found(word: str, therapist: User) -> list[Case]:
    with clinic_of(therapist):
        within = therapist.membership.clinic_id
        return list(Case.objects.filter(named(word, within)))


def test_name_is_corrected_and_the_old_one_kept(therapist: User, client_for: Clients) -> None:
    case = make_case(therapist, name="Maren Tsetcase", born=BORN)
    client = client_for(therapist)

    response = post(client, case, patient_name="Maren Testcase", reference="MRN 7")

    now = as_stored(case, therapist)
    assert response.status_code == 302
    assert (now.patient_name, now.date_of_birth, now.reference) == ("Maren Testcase", BORN, "MRN 7")
    assert found("Testcase", therapist) == [case]
    assert found("Tsetcase", therapist) == []
    assert Event.objects.filter(action="patient.corrected", case_id=case.pk).count() == 1
    html = client.get(url(case)).content.decode()
    assert "name from Maren Tsetcase to Maren Testcase" in html
    assert "Misheard on the phone." in html


def test_new_date_of_birth_shows_first_what_it_does_to_the_age(
    therapist: User, client_for: Clients
) -> None:
    today = timezone.localdate()
    case = make_case(therapist, born=date(today.year - 40, 1, 1))
    client, younger = client_for(therapist), {"birth_year": str(today.year - 39)}

    looked = post(client, case, **younger)
    unchanged = as_stored(case, therapist).date_of_birth
    done = post(client, case, **younger, looked_at=looked.context["effects"].fingerprint)

    assert "age becomes 39, from 40" in " ".join(looked.content.decode().split())
    assert unchanged == date(today.year - 40, 1, 1)
    assert done.status_code == 302
    assert as_stored(case, therapist).date_of_birth == date(today.year - 39, 1, 1)
    assert file_for(case, therapist).raw_answers["age_years"] == 39


def test_look_at_other_details_is_no_look_at_these(therapist: User, client_for: Clients) -> None:
    case, client = make_case(therapist, born=BORN), client_for(therapist)
    looked = post(client, case, birth_year="1985").context["effects"].fingerprint

    response = post(client, case, birth_year="1986", looked_at=looked)

    assert response.status_code == 200
    assert as_stored(case, therapist).date_of_birth == BORN


def test_nothing_is_corrected_without_a_reason_a_change_or_what_stands(
    therapist: User, client_for: Clients
) -> None:
    case, client = make_case(therapist, born=BORN), client_for(therapist)

    assert post(client, case, patient_name="Maren T.", reason="").status_code == 422
    assert post(client, case).status_code == 422
    assert post(client, case, patient_name="Maren T.", seen="of another page").status_code == 409
    assert as_stored(case, therapist).patient_name == "Maren Testcase"


def test_only_the_therapist_of_the_case_corrects_until_they_leave(
    therapist: User, client_for: Clients
) -> None:
    case = make_case(therapist)
    colleague = make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    client = client_for(colleague)

    refused = client.post(url(case), {"patient_name": "Maren T.", "reason": "x"})
    page = client.get(url(case)).content.decode()
    therapist.membership.is_active = False
    therapist.membership.save(update_fields=["is_active"])
    done = post(client, case, patient_name="Maren T.")

    assert refused.status_code == 403
    assert "Only the therapist of this case" in page
    assert Event.objects.filter(action="patient.correct", outcome="refused").count() == 1
    assert done.status_code == 302


def test_old_details_cannot_be_changed_or_removed(therapist: User, client_for: Clients) -> None:
    case = make_case(therapist)
    post(client_for(therapist), case, patient_name="Maren T.")

    with clinic_of(therapist):
        for act in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act(PatientCorrection.objects.filter(case=case))


def test_later_letters_are_right_and_a_correction_says_what_changed(
    therapist: User, client_for: Clients
) -> None:
    letter, client = make_signed(therapist), client_for(therapist)
    kept = bytes(letter.pdf)
    post(client, letter.case, patient_name="Maren Rightname")

    page = client.get(reverse("letters:letter", args=[letter.case_id, letter.pk]))
    with clinic_of(therapist):
        signed = Letter.objects.get(pk=letter.pk)
        draft = start_correction(letter=signed, actor=therapist)
        file = file_of(cases_with_context().get(pk=letter.case_id))
        text = Composition(letter=draft, file=file, sender=therapist).text.model_dump_json()

    assert bytes(signed.pdf) == kept
    assert "details were corrected since" in page.content.decode()
    assert draft.replaces_because == "Corrected: name (was Maren Testcase)"
    assert "Maren Rightname" in text
    assert "name (was Maren Testcase)" in text


@for_each(
    ("first", "second", "is_alike"),
    [
        (("Maren Testcase", BORN, ""), ("testcase  MAREN", BORN, ""), True),
        (("Maren Testcase", None, ""), ("Maren Testcase", BORN, ""), True),
        (("Maren Testcase", BORN, ""), ("Marén Testkase", BORN, ""), True),
        (("Maren Testcase", BORN, "MRN 7"), ("J. D.", None, "mrn-7"), True),
        (("Maren Testcase", BORN, ""), ("Maren Testcase", date(1990, 1, 1), ""), False),
        (("Maren Testcase", None, ""), ("Maren Othername", None, ""), False),
        (("M. T.", None, ""), ("M. T.", None, ""), True),
        (("M. Testcase", BORN, ""), ("M. Other", BORN, ""), False),
        (("Maren Testcase", BORN, ""), ("Zora Quill", BORN, ""), False),
    ],
    ids=str,
    undone=True,
)
def test_possible_duplicate_is_named_before_a_case_is_opened(
    therapist: User,
    client_for: Clients,
    first: tuple[str, date | None, str],
    second: tuple[str, date | None, str],
    is_alike: bool,
) -> None:
    client = client_for(therapist)
    client.post(reverse("cases:new"), fields(*first))

    asked = client.post(reverse("cases:new"), fields(*second))
    with clinic_of(therapist):
        opened = Case.objects.count()
    client.post(reverse("cases:new"), {**fields(*second), "another_patient": "on"})

    assert asked.status_code == (409 if is_alike else 302)
    assert opened == (1 if is_alike else 2)
    if is_alike:
        assert "Case 0001" in asked.content.decode()
        with clinic_of(therapist):
            assert Case.objects.count() == 2


def fields(name: str, born: date | None, reference: str) -> dict[str, str]:
    birth = (
        {"birth_year": str(born.year), "birth_month": str(born.month), "birth_day": str(born.day)}
        if born
        else {}
    )
    return {"patient_name": name, "reference": reference, **birth}


UNSEEN = (
    *("\u3164", "\u115f\u1160", "\u2800", "Ann\U000e0041", "Ann\u2028Lee", "An\u200dna"),
    *("Ann\nLee", "Ann\ue000", "Ann\ufff0", "A\u034fnn", "Ann\ufe0f", "...", "\u200d"),
)


@for_each("name", UNSEEN, ids=ascii, undone=True)
def test_s29_names_that_cannot_be_seen_or_read_are_refused(
    therapist: User, client_for: Clients, name: str
) -> None:
    response = client_for(therapist).post(reverse("cases:new"), {"patient_name": name})

    assert response.status_code == 422
    with clinic_of(therapist):
        assert not Case.objects.exists()


@for_each(
    "name",
    ["علی\u200cرضا", "क्\u200dष", "Zoë O’Brien-Łukasiewicz", "J. D.", "葛\U000e0100城", "李", "7"],
    undone=True,
)
def test_names_of_every_script_are_kept_as_they_are(
    therapist: User, client_for: Clients, name: str
) -> None:
    response = client_for(therapist).post(reverse("cases:new"), {"patient_name": name})

    assert response.status_code == 302
    with clinic_of(therapist):
        assert Case.objects.get().patient_name == name
