"""Writing the working copy: who may, what is refused, and that each change is a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from evidence.curation.actions import submit
from evidence.curation.editing import EntryOnForm
from evidence.curation.models import Change, Reading
from evidence.domain.terms import EntryKind
from evidence.loading import load_dossier
from evidence.models import Caution, Claim, Position, Release, Source
from evidence.queries import current_evidence
from evidence.rows import MODELS, Row
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.evidence.evidence_factories import approve, load_own_dossier, publish, withdraw
from tests.rounds import in_part

pytestmark = pytest.mark.django_db

PHILIP = "/curation/entries/source/philip-2016/"
NEW_SOURCE = "/curation/new/source/"


@pytest.fixture
def curator(client_for: Callable[[User], Client], evidence_admin: User) -> Client:
    """A signed-in evidence admin, with the dossier loaded."""
    load_own_dossier()
    return client_for(evidence_admin)


def filled_in(on_form: EntryOnForm) -> dict[str, Any]:
    """The values of a form as a browser would post them back, lines ended as browsers do."""
    forms: list[Any] = [on_form.form, *on_form.number_forms]
    if on_form.numbers:
        forms.append(on_form.numbers.management_form)
    values: dict[str, Any] = {"seen": on_form.seen}
    for form in forms:
        for field in form:
            value = field.field.prepare_value(field.value())
            if value not in (None, "") and not field.field.disabled:
                is_text = isinstance(value, str)
                values[field.html_name] = value.replace("\n", "\r\n") if is_text else value
    return values


def change(curator: Client, address: str, **changes: Any) -> Any:
    values = filled_in(curator.get(address).context["page"])
    return curator.post(address, {"reason": "Read again.", **values, **changes})


def test_every_entry_posted_unchanged_is_as_before(db: None) -> None:
    load_own_dossier()

    changed = []
    for kind, model in MODELS.items():
        for row in in_part(cast(list[Row], list(model.objects.all()))):
            shown = EntryOnForm(kind, row)
            posted = EntryOnForm(kind, row, {**filled_in(shown), "reason": "As it was."})
            if not posted.is_valid() or posted.entry != shown.before:
                changed.append((row.pk, posted.form.errors, posted.problems))

    assert changed == []


def test_ticks_in_another_order_are_no_change(curator: Client) -> None:
    before = Source.objects.get(key="philip-2016").bears_on
    assert len(before) > 1

    change(curator, PHILIP, bears_on=before[::-1])
    assert not Change.objects.exists()

    change(curator, PHILIP, bears_on=[*before[::-1], "drug_interaction"])
    assert Source.objects.get(key="philip-2016").bears_on == [*before, "drug_interaction"]


def test_every_list_and_new_form_opens(curator: Client) -> None:
    pages = [reverse("curation:home"), reverse("curation:changes")]
    pages += [
        reverse(f"curation:{name}", args=[kind])
        for kind in EntryKind
        for name in ("entries", "new_entry")
    ]

    assert {page: curator.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_list_finds_by_words_and_state(curator: Client) -> None:
    change(curator, PHILIP, certainty="very_low")
    address = reverse("curation:entries", args=["source"])

    found = curator.get(address, {"words": "philip", "state": "open"}).context["rows"]
    withdrawn = curator.get(address, {"words": "philip", "state": "withdrawn"}).context["rows"]

    assert [(one.key, one.state) for one in found] == [("philip-2016", "Draft")]
    assert withdrawn == []


def test_what_is_not_there_is_not_found(curator: Client) -> None:
    for address in ("entries/study/", "new/study/", "entries/source/nobody-1900/", "changes/9/"):
        assert curator.get(f"/curation/{address}").status_code == 404


def test_saving_without_change_is_no_draft(curator: Client) -> None:
    response = change(curator, PHILIP)

    assert response["Location"] == PHILIP
    assert not Change.objects.exists()
    assert current_evidence() == load_dossier()


def test_changed_certainty_is_a_draft_and_no_release(curator: Client) -> None:
    response = change(curator, PHILIP, certainty="very_low")

    assert Source.objects.get(key="philip-2016").certainty == "very_low"
    assert current_evidence() == load_dossier()
    draft = Change.objects.get()
    assert (draft.entry_key, draft.action, draft.state) == ("philip-2016", "edit", "draft")
    assert response["Location"] == reverse("curation:change", args=[draft.pk])
    page = curator.get(response["Location"]).content.decode()
    assert "Nobody is asked to look at it before you ask for a review" in page
    assert "was changed successfully" not in page


def test_page_of_an_entry_links_to_its_open_change(curator: Client) -> None:
    before = curator.get(PHILIP).content.decode()
    change(curator, PHILIP, certainty="very_low")

    address = reverse("curation:change", args=[Change.objects.get().pk])
    assert address not in before
    assert address in curator.get(PHILIP).content.decode()


def test_change_needs_a_reason(curator: Client) -> None:
    response = change(curator, PHILIP, certainty="very_low", reason="")

    assert response.status_code == 422
    assert "Say why, in a few words." in response.content.decode()
    assert not Change.objects.exists()


def test_hidden_characters_are_refused(curator: Client) -> None:
    response = change(curator, PHILIP, findings="Better\u202e than before")
    number = change(curator, PHILIP, **{"results-0-note": "as\u200b printed"})

    for one in (response, number):
        assert "characters that cannot be seen" in one.content.decode()
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

    assert "Save as a draft" not in curator.get(PHILIP).content.decode()
    refused = change(curator, PHILIP, certainty="high")

    assert refused.status_code == 422
    assert "Take the change back to draft" in refused.content.decode()
    assert Source.objects.get(key="philip-2016").certainty == "very_low"


def test_entry_that_somebody_saved_meanwhile_is_not_overwritten(curator: Client) -> None:
    opened = filled_in(curator.get(PHILIP).context["page"])
    change(curator, PHILIP, certainty="very_low")

    late = curator.post(PHILIP, {**opened, "reason": "Late.", "note": "What I typed."})

    assert "Somebody saved this entry after you opened it" in late.content.decode()
    assert "What I typed." in late.content.decode()
    saved = Source.objects.get(key="philip-2016")
    assert (saved.certainty, saved.note == "What I typed.") == ("very_low", False)


def test_earlier_versions_are_kept_and_shown(curator: Client) -> None:
    change(curator, PHILIP, certainty="very_low")

    page = curator.get("/curation/entries/source/philip-2016/versions/").content.decode()

    assert "E. Curator" in page
    assert "<ins>Very" in page
    assert Source.history.filter(key="philip-2016").count() == 2


@for_each(
    ("written", "problem"),
    [
        ("imprecision: serious", "is not domain: judgment: why"),
        ("luck: serious: 28 people", "is no domain"),
        ("imprecision: bad: 28 people", "is no judgment"),
        ("imprecision: serious: a\nimprecision: serious: b", "is given twice"),
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
    assert response.status_code == 422
    assert "If it is so printed, tick" in page
    assert "What I typed in between" in page
    assert Source.objects.get(key="philip-2016").results.all()[0].value != 20
    assert not Change.objects.exists()


def test_number_that_was_odd_before_is_not_asked_about_again(curator: Client) -> None:
    response = change(curator, "/curation/entries/source/shanok-2024/", note="Seen again.")

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

    assert response.status_code == 422
    assert problem in response.content.decode()
    assert Release.objects.count() == 1


@for_each("key", ["positions", "releases", "Upper Case", "philip-2016"], undone=True)
def test_key_must_be_an_address_of_its_own(curator: Client, key: str) -> None:
    new = {"key": key, "kind": "rct", "verified": "unverified", "title": "New", "reason": "New."}

    response = change(curator, NEW_SOURCE, **new)

    assert response.status_code == 422
    assert response.context["page"].form.errors.keys() == {"key"}


def test_new_source_stands_after_the_dossier(curator: Client) -> None:
    new = {"key": "new-2026", "kind": "rct", "verified": "unverified", "title": "New"}

    change(curator, NEW_SOURCE, **new)

    approve(Change.objects.get())
    publish()
    assert current_evidence().sources[-1].key == "new-2026"


def test_number_is_added_changed_and_taken_out(curator: Client) -> None:
    count = Source.objects.get(key="philip-2016").results.count()
    new = {
        f"results-{count}-{name}": said
        for name, said in {"measure": "relapse", "events": "3", "total": "20"}.items()
    }

    change(curator, PHILIP, **new, **{"results-0-DELETE": "on", "results-1-note": "Seen."})

    after = list(Source.objects.get(key="philip-2016").results.all())
    assert len(after) == count
    assert (after[0].note, after[-1].measure, after[-1].events) == ("Seen.", "relapse", 3)


def test_line_without_its_stance_is_refused(curator: Client) -> None:
    response = change(curator, "/curation/entries/position/canmat2023-itbs/", stance="silent")

    assert response.status_code == 422
    assert Position.objects.get(id="canmat2023-itbs").stance == "line"


def test_status_of_a_claim_can_change(curator: Client) -> None:
    change(curator, "/curation/entries/claim/synergy/", status="unsupported")

    assert Claim.objects.get(id="synergy").status == "unsupported"
    assert Change.objects.get().entry_kind == "claim"


def test_sources_of_a_caution_are_keys_that_are_there(curator: Client) -> None:
    address = "/curation/entries/caution/esk-ich/"
    cited = list(Caution.objects.get(key="esk-ich").citations.values_list("source_id", flat=True))

    strange = change(curator, address, sources="philip-2061")
    change(curator, address, sources="\r\n".join([*cited, "philip-2016"]))

    assert "Did you mean philip-2016" in strange.content.decode()
    now = Caution.objects.get(key="esk-ich").citations.values_list("source_id", flat=True)
    assert list(now) == [*cited, "philip-2016"]


WITHDRAW = f"{PHILIP}withdraw/"


def test_withdrawal_asks_as_what_and_why(curator: Client) -> None:
    asked = curator.get(WITHDRAW)
    refused = curator.post(WITHDRAW, {"reason": " "})

    assert b"What rests on it" in asked.content
    assert b"Say why it is withdrawn." in refused.content
    assert not Change.objects.exists()


def test_withdrawal_is_proposed_and_counts_once_released(curator: Client) -> None:
    curator.post(WITHDRAW, {"reason": "Data withdrawn.", "withdrawn_as": "retracted"})

    assert not current_evidence().is_retracted("philip-2016")
    approve(Change.objects.get())
    publish()
    assert current_evidence().is_retracted("philip-2016")
    withdrawal = current_evidence().withdrawal(EntryKind.SOURCE, "philip-2016")
    assert withdrawal is not None
    assert withdrawal.reason == "Data withdrawn."


def test_entry_that_is_being_withdrawn_is_not_written(curator: Client) -> None:
    curator.post(WITHDRAW, {"reason": "Data withdrawn.", "withdrawn_as": "retracted"})

    assert "Save as a draft" not in curator.get(PHILIP).content.decode()
    refused = change(curator, PHILIP, certainty="high")
    assert "Another change to this entry is open" in refused.content.decode()


def test_withdrawal_beside_an_open_change_is_refused(curator: Client) -> None:
    change(curator, PHILIP, certainty="very_low")

    refused = curator.post(WITHDRAW, {"reason": "Gone.", "withdrawn_as": "retracted"})

    assert "Finish or discard it first" in refused.content.decode()
    assert not Source.objects.get(key="philip-2016").withdrawn_as


def test_withdrawal_can_be_taken_back(curator: Client) -> None:
    withdraw("philip-2016")

    curator.post(WITHDRAW, {"reason": "The notice was about another paper."})
    approve(Change.objects.get(state="draft"))
    publish()

    assert not current_evidence().is_retracted("philip-2016")
