"""The pages of the desk: who sees what, filters, steps, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.desk.exporting import run_export
from decisions.desk.models import Delivery, Export
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.desk.desk_factories import delivery_of, step
from tests.decisions.letters.stored_letters import make_decision, make_draft, make_signed, sign
from tests.factories import make_member
from tests.kept import MADE_ONCE

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db

keeps, kept, clinic, therapist, staff, letter = MADE_ONCE


def search(client: Client, **asked: Any) -> Any:
    """The list after a search, as the form asks for it."""
    response = client.post(reverse("desk:queue"), asked)
    assert response.status_code == 302
    assert "q=" not in response["Location"]
    return client.get(response["Location"])


def ids_of(client: Client, **asked: Any) -> list[object]:
    page = search(client, **asked)
    assert page.status_code == 200
    return list(page.context["page"])


def test_filters(therapist: User, staff: User, client_for: Clients, letter: Letter) -> None:
    first, second = letter, make_signed(therapist)
    step(second, staff, "sent", how="fax")
    with clinic_of(staff):
        late = timezone.localdate() - timedelta(days=1)
        Delivery.objects.filter(letter=second).update(due_on=late, assigned_to=staff)
    client = client_for(staff)

    assert ids_of(client) == [second.pk, first.pk]
    assert ids_of(client, status="sent") == [second.pk]
    assert ids_of(client, overdue="on") == [second.pk]
    assert ids_of(client, assigned_to="nobody") == [first.pk]
    assert ids_of(client, assigned_to=str(staff.pk)) == [second.pk]
    assert ids_of(client, q=first.number) == [first.pk]
    assert ids_of(client, q="no such words") == []
    assert "1 overdue" in client.get(reverse("desk:queue")).content.decode()


@pytest.fixture
def elsewhere(other_therapist: User, client_for: Clients) -> Client:
    """Staff of the other clinic, which has no letter of its own yet."""
    return client_for(make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF))


@pytest.fixture
def about_juergen(other_therapist: User) -> Letter:
    """A signed letter whose patient gets a copy."""
    therapist = other_therapist
    decision = make_decision(therapist, name="Jürgen d'Österreich")
    letter = sign(make_draft(therapist, decision, copies="The patient"), therapist)
    with clinic_of(therapist):
        case = decision.case
        case.reference = "MRN-7731"
        case.save(update_fields=["reference", "patient_index"])
    return letter


@for_each("words", ["jür", "JUR", "öst", "mrn-77 jürgen", "patient", "harb"])
def test_patient_and_copies_are_found_by_how_a_word_begins(
    about_juergen: Letter, elsewhere: Client, words: str
) -> None:
    assert ids_of(elsewhere, q=words) == [about_juergen.pk]


def test_letter_is_found_by_its_number_or_its_end(about_juergen: Letter, elsewhere: Client) -> None:
    client, number = elsewhere, about_juergen.number
    year, last = number.split("-")[1:]

    for words in (
        number,
        number.lower(),
        f"{year}-{last}",
        last,
        last.lstrip("0"),
        year,
        "L-20",
        f"L-{year}-00",
    ):
        assert ids_of(client, q=words) == [about_juergen.pk], words
    for words in (f"{number}1", f"{int(year) - 1}-{last}", f"{last}0", "L-"):
        assert ids_of(client, q=words) == [], words


@pytest.mark.usefixtures("about_juergen")
@for_each("words", ["rgen", "jürgen x", "'", "%"])
def test_other_words_find_nobody(elsewhere: Client, words: str) -> None:
    assert ids_of(elsewhere, q=words) == []


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize("asked", [{"status": "x"}, {"assigned_to": "1' OR 1=1"}, {"q": "\0%"}])
def test_odd_filter_is_no_error(staff: User, client_for: Clients, asked: dict[str, str]) -> None:
    assert search(client_for(staff), **asked).status_code == 200
    assert client_for(staff).get(reverse("desk:queue"), asked).status_code == 200


@pytest.mark.usefixtures("letter")
def test_name_in_an_address_is_not_searched_for(staff: User, client_for: Clients) -> None:
    page = client_for(staff).get(reverse("desk:queue"), {"q": "no such words"})

    assert len(page.context["page"]) == 1
    assert b"no such words" not in page.content


def test_search_keeps_filters_without_names_in_the_address(
    staff: User, client_for: Clients
) -> None:
    client = client_for(staff)

    address = client.post(reverse("desk:queue"), {"q": "Maren", "status": "sent"})["Location"]

    assert address == "/letters/?status=sent&search=on"
    assert 'value="Maren"' in client.get(address).content.decode()
    assert 'value="Maren"' not in client.get(reverse("desk:queue")).content.decode()


def test_done_letter_leaves_the_list_and_is_still_found(
    staff: User, client_for: Clients, letter: Letter
) -> None:
    for status in ("sent", "accepted", "done"):
        step(letter, staff, status, how="fax" if status == "sent" else "")
    client = client_for(staff)

    assert ids_of(client) == []
    assert ids_of(client, status="done") == [letter.pk]
    assert ids_of(client, q="Maren") == [letter.pk]


def post(client: Client, letter: object, act: str, **values: Any) -> Any:
    return client.post(reverse("desk:letter", args=[letter]), {"act": act, **values})


def test_steps_by_form(staff: User, client_for: Clients, letter: Letter) -> None:
    client = client_for(staff)

    first = post(client, letter.pk, "step", seen_version=1, status="sent", how="fax", proof="4711")
    post(client, letter.pk, "note", note="Rang them <b>up</b>.")
    post(client, letter.pk, "plan", seen_version=2, assigned_to=str(staff.pk), due_on="2027-02-01")

    assert first.status_code == 302
    page = client.get(reverse("desk:letter", args=[letter.pk])).content.decode()
    assert "shown by 4711" in page
    assert "Rang them &lt;b&gt;up&lt;/b&gt;." in page
    assert 'value="2027-02-01"' in page
    delivery = delivery_of(letter, staff)
    assert (delivery.status, delivery.assigned_to_id) == ("sent", staff.pk)
    post(client, letter.pk, "right", seen_version=3, note="It was another one.")
    assert delivery_of(letter, staff).status == "ready"


def test_letter_is_given_to_staff_of_its_clinic_alone(
    therapist: User, other_therapist: User, staff: User, client_for: Clients, letter: Letter
) -> None:
    client = client_for(staff)
    stranger = make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF)
    post(client, letter.pk, "plan", seen_version=1, assigned_to=str(staff.pk))

    for person in (str(therapist.pk), str(stranger.pk), "1' OR 1=1"):
        page = post(client, letter.pk, "plan", seen_version=2, assigned_to=person)
        assert page.status_code == 422
        assert "That choice is not one of the available choices." in page.content.decode()
    assert delivery_of(letter, staff).assigned_to_id == staff.pk
    assert post(client, letter.pk, "plan", seen_version=2, assigned_to="").status_code == 302
    assert delivery_of(letter, staff).assigned_to_id is None


def test_page_shows_what_was_changed_since_it_was_last_opened(
    staff: User, client_for: Clients, letter: Letter
) -> None:
    client, address = client_for(staff), reverse("desk:letter", args=[letter.pk])
    colleague = make_member(clinic=staff.membership.clinic, role=Role.STAFF)

    before = client.get(address).content.decode()
    step(letter, staff, "sent", how="fax", note="Faxed twice")
    User.objects.filter(pk=colleague.pk).update(name="Nora Newly-Named")
    after = client.get(address).content.decode()

    assert "Faxed twice" not in before
    assert "Faxed twice" in after
    assert f'value="{colleague.pk}">Nora Newly-Named<' in after
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert "Nora Newly-Named" not in client.get(address).content.decode()


def test_draft_is_404_with_an_audit_row(therapist: User, staff: User, client_for: Clients) -> None:
    draft = make_draft(therapist, make_decision(therapist))

    response = client_for(staff).get(reverse("desk:letter", args=[draft.pk]))

    assert response.status_code == 404
    refused = Event.objects.get(actor=staff, outcome="refused")
    assert (refused.action, refused.object_id) == ("letter.delivery_read", str(draft.pk))


def test_bad_step_keeps_what_was_typed(staff: User, client_for: Clients, letter: Letter) -> None:
    page = post(
        client_for(staff), letter.pk, "step", seen_version=1, status="sent", note="Kept words"
    )

    assert page.status_code == 422
    assert "Say how it was sent" in page.content.decode()
    assert "Kept words" in page.content.decode()
    assert delivery_of(letter, staff).status == "ready"


def test_stale_page_is_a_conflict(staff: User, client_for: Clients, letter: Letter) -> None:
    step(letter, staff, "exported")

    page = post(client_for(staff), letter.pk, "step", seen_version=1, status="sent", how="fax")

    assert page.status_code == 409
    assert "Somebody else changed" in page.content.decode()


def test_one_click_gives_the_signed_bytes_and_notes_it(
    staff: User, client_for: Clients, letter: Letter
) -> None:
    response = client_for(staff).post(reverse("desk:export_one", args=[letter.pk]))

    assert response.content == bytes(letter.pdf or b"")
    assert delivery_of(letter, staff).status == "exported"
    assert Event.objects.filter(action="letter.exported", actor=staff).count() == 1


def test_file_is_asked_for_watched_and_fetched(
    staff: User, client_for: Clients, letter: Letter
) -> None:
    client = client_for(staff)

    asked = client.post(
        reverse("desk:exports"), {"letter": [str(letter.pk), "no-id"], "kind": "zip"}
    )
    watching = client.get(asked["Location"])
    assert 'hx-trigger="every 2s"' in watching.content.decode()
    assert client.get(f"{asked['Location']}file/").status_code == 302
    with clinic_of(staff):
        run_export(Export.objects.get().pk)
    ready = client.get(asked["Location"]).content.decode()
    file = client.get(f"{asked['Location']}file/")

    assert "Download the file" in ready
    assert "hx-trigger" not in ready
    assert file["Content-Type"] == "application/zip"
    assert "no-store" in file["Cache-Control"]
    assert letter.number in client.get(reverse("desk:queue")).content.decode()


def test_nothing_chosen_says_so(staff: User, client_for: Clients) -> None:
    response = client_for(staff).post(reverse("desk:exports"), {"kind": "zip"}, follow=True)

    assert "Choose at least one letter." in response.content.decode()


@pytest.mark.parametrize("name", ["letter", "export_one"])
def test_letter_of_another_clinic_is_404_with_an_audit_row(
    therapist: User, other_therapist: User, client_for: Clients, name: str, letter: Letter
) -> None:
    stranger = make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF)

    response = client_for(stranger).post(reverse(f"desk:{name}", args=[letter.pk]))

    assert response.status_code == 404
    assert Event.objects.filter(actor=stranger, outcome="refused").exists()
    assert delivery_of(letter, therapist).status == "ready"


def test_letters_of_another_clinic_get_into_no_file(
    other_therapist: User, client_for: Clients, letter: Letter
) -> None:
    stranger = make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF)

    client_for(stranger).post(reverse("desk:exports"), {"letter": [str(letter.pk)]})

    with clinic_of(stranger):
        assert not Export.objects.exists()


def test_file_of_another_clinic_is_404(
    staff: User, other_therapist: User, client_for: Clients, letter: Letter
) -> None:
    client_for(staff).post(reverse("desk:exports"), {"letter": [str(letter.pk)]})
    with clinic_of(staff):
        export = Export.objects.get()
    stranger = client_for(make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF))

    for name in ("export", "file"):
        assert stranger.get(reverse(f"desk:{name}", args=[export.pk])).status_code == 404
    assert stranger.post(reverse("desk:resume", args=[export.pk])).status_code == 404


def test_therapist_reads_the_list_and_takes_no_step(
    therapist: User, client_for: Clients, letter: Letter
) -> None:
    client = client_for(therapist)

    page = client.get(reverse("desk:queue")).content.decode()

    assert letter.number in page
    assert 'name="letter"' not in page
    assert post(client, letter.pk, "step", seen_version=1, status="exported").status_code == 403
    assert client.post(reverse("desk:exports")).status_code == 403


@pytest.fixture
def to_lukasz(therapist: User) -> Letter:
    """A signed letter to somebody whose name has letters of its own."""
    names = {"recipient_name": "Dr. Łukasz Ærø", "recipient_organization": "Đông Clinic"}
    return make_signed(therapist, **names)


@for_each(("q", "found"), [("Lukasz", True), ("aero", True), ("ŁUKASZ", True), ("lucas", False)])
def test_recipient_is_found_by_plain_letters(
    staff: User, to_lukasz: Letter, client_for: Clients, q: str, found: bool
) -> None:
    assert (to_lukasz.pk in ids_of(client_for(staff), q=q)) is found


def test_list_of_files_says_that_no_worker_runs(
    staff: User, client_for: Clients, letter: Letter
) -> None:
    client = client_for(staff)
    client.post(reverse("desk:exports"), {"letter": [str(letter.pk)], "kind": "zip"})

    assert "waits: no worker runs" in client.get(reverse("desk:exports")).content.decode()
