"""Writing the working copy: who may, what is refused, and that each change is a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.curation.actions import submit
from evidence.curation.models import Change, Reading
from evidence.domain.terms import EntryKind
from evidence.loading import load_dossier
from evidence.models import Claim, Position, Release, Source
from evidence.queries import current_evidence
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.evidence.evidence_factories import approve, load_own_dossier, publish, withdraw
from tests.factories import make_member

pytestmark = pytest.mark.django_db

MODELS = ["source", "position", "caution", "claim", "release"]
PHILIP = "/admin/evidence/source/philip-2016/change/"


@pytest.fixture
def curator(client_for: Callable[[User], Client], evidence_admin: User) -> Client:
    """A signed-in evidence admin, with the dossier loaded."""
    load_own_dossier()
    return client_for(evidence_admin)


def filled_in(response: Any) -> dict[str, Any]:
    """The values of an admin page as a browser would post them back."""
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    values: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.field.prepare_value(field.value())
            if value not in (None, ""):
                values[field.html_name] = value
    return values


def change(curator: Client, address: str, **changes: Any) -> Any:
    values = filled_in(curator.get(address))
    return curator.post(address, {"reason": "Read again.", **values, **changes})


@for_each("model", MODELS)
@for_each("role", list(Role), undone=True)
def test_others_never_curate(
    clinic: Clinic, client_for: Callable[[User], Client], role: Role, model: str
) -> None:
    user = make_member(clinic=clinic, role=role)
    client = client_for(user)
    address = reverse(f"admin:evidence_{model}_changelist")

    assert client.get(address).status_code in (302, 403)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert client.get(address).status_code == 403


@for_each("model", MODELS)
def test_evidence_admin_sees_every_list(curator: Client, model: str) -> None:
    assert curator.get(reverse(f"admin:evidence_{model}_changelist")).status_code == 200


@for_each("model", ["source", "position", "caution", "claim"])
def test_evidence_admin_may_add(curator: Client, model: str) -> None:
    assert curator.get(reverse(f"admin:evidence_{model}_add")).status_code == 200


def test_releases_are_made_by_nobody(curator: Client) -> None:
    assert curator.get("/admin/evidence/release/add/").status_code == 403


@pytest.mark.parametrize(
    ("model", "key"), [("source", "philip-2016"), ("position", "canmat2023-itbs")]
)
def test_nothing_is_deleted(curator: Client, model: str, key: str) -> None:
    address = f"/admin/evidence/{model}/{key}/delete/"

    assert curator.post(address, {"post": "yes"}).status_code == 403


def test_evidence_admin_sees_no_case(curator: Client) -> None:
    page = curator.get("/admin/").content.decode()

    assert "Sources" in page
    assert "Case" not in page


def test_saving_without_change_is_no_release(curator: Client) -> None:
    response = change(curator, PHILIP)

    assert response.status_code == 302
    assert Release.objects.count() == 1
    assert current_evidence() == load_dossier()


def test_changed_certainty_is_a_draft_and_no_release(curator: Client) -> None:
    response = change(curator, PHILIP, certainty="very_low")

    assert Source.objects.get(key="philip-2016").certainty == "very_low"
    assert current_evidence() == load_dossier()
    assert "Saved as a draft" in curator.get(response["Location"]).content.decode()
    draft = Change.objects.get()
    assert (draft.entry_key, draft.action, draft.state) == ("philip-2016", "edit", "draft")


def test_page_of_an_entry_links_to_its_open_change(curator: Client) -> None:
    before = curator.get(PHILIP).content.decode()
    change(curator, PHILIP, certainty="very_low")

    address = reverse("admin:curation_change_change", args=[Change.objects.get().pk])
    assert address not in before
    assert address in curator.get(PHILIP).content.decode()


def test_change_needs_a_reason(curator: Client) -> None:
    response = change(curator, PHILIP, certainty="very_low", reason="")

    assert "Say why, in a few words." in response.content.decode()
    assert not Change.objects.exists()


def test_raised_reading_needs_a_note(curator: Client) -> None:
    refused = change(curator, PHILIP, verified="full_text")
    taken = change(curator, PHILIP, verified="full_text", was_read="The paper, pages 1 to 7.")

    assert "say what was read" in refused.content.decode()
    assert taken.status_code == 302
    assert Reading.objects.get().was_read == "The paper, pages 1 to 7."


def test_entry_under_review_can_only_be_read(curator: Client, evidence_admin: User) -> None:
    change(curator, PHILIP, certainty="very_low")
    submit(change=Change.objects.get(), by=evidence_admin, reason="Please look.")

    assert curator.post(PHILIP, {"certainty": "high", "reason": "No."}).status_code == 403
    assert Source.objects.get(key="philip-2016").certainty == "very_low"


def test_earlier_versions_are_kept(curator: Client) -> None:
    change(curator, PHILIP, certainty="very_low")

    history = curator.get("/admin/evidence/source/philip-2016/history/")

    assert history.status_code == 200
    assert "E. Curator" in history.content.decode()
    assert Source.history.filter(key="philip-2016").count() == 2


@for_each(
    ("written", "problem"),
    [
        ("imprecision: serious", "is not domain: judgment: why"),
        ("luck: serious: 28 people", "is no domain"),
        ("imprecision: bad: 28 people", "is no judgment"),
        ("imprecision: serious: a\nimprecision: serious: b", "stands twice"),
    ],
    undone=True,
)
def test_odd_reason_for_certainty_is_refused(curator: Client, written: str, problem: str) -> None:
    response = change(curator, PHILIP, certainty_reasons=written)

    assert problem in response.content.decode()


def test_reasons_for_certainty_are_kept(curator: Client) -> None:
    change(curator, PHILIP, certainty_reasons="imprecision: very serious: 28 people")

    assert Source.objects.get(key="philip-2016").certainty_reasons == [
        {"domain": "imprecision", "judgment": "very_serious", "why": "28 people"}
    ]


def test_lists_are_written_one_a_line(curator: Client) -> None:
    change(curator, PHILIP, authors="Philip NS\n\n Dunner DL \n")

    assert Source.objects.get(key="philip-2016").authors == ["Philip NS", "Dunner DL"]


def test_odd_number_is_asked_about_and_nothing_typed_is_lost(curator: Client) -> None:
    response = change(
        curator, PHILIP, **{"results-0-value": "20", "findings": "What I typed in between"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "If it is so printed, tick" in page
    assert "What I typed in between" in page
    assert Source.objects.get(key="philip-2016").results.all()[0].value != 20
    assert not Change.objects.exists()


def test_number_that_was_odd_before_is_not_asked_about_again(curator: Client) -> None:
    response = change(curator, "/admin/evidence/source/shanok-2024/change/", note="Seen again.")

    assert response.status_code == 302


def test_tick_without_an_odd_number_says_nothing(curator: Client) -> None:
    change(curator, PHILIP, note="Seen again.", as_printed="on")

    assert Change.objects.get().steps.get().reason == "Read again."


def test_odd_number_that_is_so_printed_is_saved_and_told(curator: Client) -> None:
    response = change(curator, PHILIP, **{"results-0-value": "20", "as_printed": "on"})

    said = curator.get(response["Location"]).content.decode()
    assert "Saved as printed, and odd" in said
    assert Source.objects.get(key="philip-2016").results.all()[0].value == 20
    assert Change.objects.get().steps.get().reason.endswith("(The numbers are so printed.)")


@for_each(
    ("changes", "problem"),
    [
        ({"kind": "trial"}, "Select a valid choice"),
        ({"url": "javascript:alert(1)"}, "starting with https://"),
        ({"doi": "doi.example"}, "A DOI starts with 10."),
        ({"year": "soon"}, "Enter a whole number"),
        ({"results-0-ci_low": "3"}, "A pair of numbers has one part only"),
        ({"results-0-measure": ""}, "This field is required"),
    ],
    undone=True,
)
def test_mistake_is_refused(curator: Client, changes: dict[str, str], problem: str) -> None:
    response = change(curator, PHILIP, **changes)

    assert response.status_code == 200
    assert problem in response.content.decode()
    assert Release.objects.count() == 1


@for_each("key", ["positions", "releases", "Upper Case", "philip-2016"], undone=True)
def test_key_must_be_an_address_of_its_own(curator: Client, key: str) -> None:
    values = filled_in(curator.get("/admin/evidence/source/add/"))
    new = {"key": key, "kind": "rct", "verified": "unverified", "title": "New", "reason": "New."}

    response = curator.post("/admin/evidence/source/add/", {**values, **new})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"key"}


def test_new_source_stands_after_the_dossier(curator: Client) -> None:
    values = filled_in(curator.get("/admin/evidence/source/add/"))
    new = {"key": "new-2026", "kind": "rct", "verified": "unverified", "title": "New"}

    curator.post("/admin/evidence/source/add/", {**values, **new, "reason": "New."})

    approve(Change.objects.get())
    publish()
    assert current_evidence().sources[-1].key == "new-2026"


def test_line_without_its_stance_is_refused(curator: Client) -> None:
    response = change(curator, "/admin/evidence/position/canmat2023-itbs/change/", stance="silent")

    assert response.status_code == 200
    assert Position.objects.get(id="canmat2023-itbs").stance == "line"


def test_status_of_a_claim_can_change(curator: Client) -> None:
    change(curator, "/admin/evidence/claim/synergy/change/", status="unsupported")

    assert Claim.objects.get(id="synergy").status == "unsupported"
    assert Change.objects.get().entry_kind == "claim"


def act(curator: Client, action: str, **fields: str) -> Any:
    values = {"action": action, "_selected_action": "philip-2016", **fields}
    return curator.post("/admin/evidence/source/", values)


def test_withdrawal_asks_as_what_and_why(curator: Client) -> None:
    asked = act(curator, "withdraw")
    refused = act(curator, "withdraw", reason=" ")

    assert b"Reason" in asked.content
    assert b"Say why it is withdrawn." in refused.content
    assert not Change.objects.exists()


def test_withdrawal_is_proposed_and_counts_once_released(curator: Client) -> None:
    act(curator, "withdraw", reason="Data withdrawn.", withdrawn_as="retracted")

    assert not current_evidence().is_retracted("philip-2016")
    approve(Change.objects.get())
    publish()
    assert current_evidence().is_retracted("philip-2016")
    withdrawal = current_evidence().withdrawal(EntryKind.SOURCE, "philip-2016")
    assert withdrawal is not None
    assert withdrawal.reason == "Data withdrawn."


def test_withdrawal_can_be_taken_back(curator: Client) -> None:
    withdraw("philip-2016")

    act(curator, "restore")
    approve(Change.objects.get(state="draft"))
    publish()

    assert not current_evidence().is_retracted("philip-2016")


@pytest.mark.parametrize("action", ["withdraw", "restore"])
def test_others_never_withdraw(
    client_for: Callable[[User], Client], therapist: User, action: str
) -> None:
    load_own_dossier()
    User.objects.filter(pk=therapist.pk).update(is_staff=True)

    response = act(client_for(therapist), action, reason="No.", withdrawn_as="wrong")

    assert response.status_code == 403
    assert not Change.objects.exists()
