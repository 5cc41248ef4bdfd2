"""A case is closed, reopened, handed over and copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import Item9
from decisions.cases.due.things import due_things
from decisions.cases.edition.new_episode import what_holds
from decisions.cases.models import Answer, Case, SafetyTask, Urgency
from decisions.cases.safety.tasks import raise_safety_task
from decisions.documents.letter.treatment_history import (
    EARLIER,
    Allergy,
    DrugTrial,
    Medicine,
    TmsCourse,
)
from decisions.letters.actions import start_letter
from decisions.life import views
from decisions.life.actions import close_case
from decisions.life.models import LifeStep
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.treatment_history.actions import add_row, say_none
from decisions.treatment_history.models import Kind
from decisions.treatment_history.queries import history_of
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Membership, Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import (
    FORM_OF_TWOS,
    POSITIVE_FORM,
    answer,
    clinic_of,
    close_task,
    file_for,
    make_case,
    page_of,
    save_by_htmx,
    token_in,
)
from tests.decisions.form_links.form_link_factories import make
from tests.decisions.letters.stored_letters import make_decision
from tests.factories import make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def colleague(therapist: User) -> User:
    clinic = therapist.membership.clinic
    return make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")


def url(name: str, case: Case) -> str:
    return reverse(f"life:{name}", args=[case.pk])


def close(client: Client, case: Case, **fields: str) -> int:
    return client.post(url("close", case), {"reason": "finished", **fields}).status_code


def stored(case: Case, user: User) -> Case:
    with clinic_of(user):
        return Case.objects.get(pk=case.pk)


def listed(client: Client, **asked: str) -> str:
    return client.get(reverse("cases:list"), asked).content.decode()


def actions_on(case: Case) -> list[str]:
    return list(Event.objects.filter(case_id=case.pk).values_list("action", flat=True))


@pytest.mark.both_databases
def test_a_closed_case_is_read_and_reopened_and_not_changed(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, name="Closed Person", heart="none")
    html = page_of(client, case, "ketamine_safety")

    assert close(client, case, note="Went well") == 302
    assert "Closed Person" not in listed(client)
    assert "Closed Person" in listed(client, show="closed")
    for name in ("case", "check", "decision", "safety"):
        shown = client.get(reverse(f"cases:{name}", args=[case.pk]))
        assert shown.status_code == 200
        assert "<strong>Closed " in shown.content.decode()
    refused = {
        reverse("cases:decision", args=[case.pk]): {"chosen": "ketamine"},
        reverse("patient:patient", args=[case.pk]): {"patient_name": "Another"},
        reverse("team:team", args=[case.pk]): {},
        reverse("plan:plan", args=[case.pk]): {},
        reverse("consents:consents", args=[case.pk]): {},
        reverse("letters:compose_list", args=[case.pk]): {},
        reverse("cases:edition", args=[case.pk]): {},
        url("close", case): {"reason": "ended"},
        url("hand", case): {},
    }
    for address, fields in refused.items():
        answered = client.post(address, fields)
        assert (answered.status_code, address) == (409, address)
        assert "this case is closed" in answered.content.decode()
    token = token_in(html, "heart")
    saved = save_by_htmx(client, case, "ketamine_safety", "heart", token=token, value="unstable")
    assert saved.status_code == 422
    assert "this case is closed" in saved.content.decode()
    with pytest.raises(CaseClosedError):
        answer(case, therapist, "heart", "stable")
    assert file_for(case, therapist).raw_answers == {"heart": "none"}

    assert client.post(url("reopen", case), {"note": ""}).status_code == 302
    answer(case, therapist, "heart", "stable")
    assert "Closed Person" in listed(client)
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "Nothing more to decide" in page
    assert "Went well" in page
    assert {"case.closed", "case.reopened"} <= set(actions_on(case))


def test_closing_never_hides_an_open_safety_task(client: Client, therapist: User) -> None:
    case = make_case(therapist, name="Urgent Person", phq9=POSITIVE_FORM)

    assert close(client, case) == 409
    assert stored(case, therapist).closed_at is None
    close_task(case, therapist)
    html = page_of(client, case, "episode")
    assert close(client, case) == 302

    # Somebody else still has the page open, and enters a higher item 9.
    token = token_in(html, "phq9")
    fields = {"phq9.item9": "3"}
    client.post(
        reverse("cases:section", args=[case.pk, "episode"]),
        {"question": "phq9", "phq9.token": token, **fields},
        headers={"HX-Request": "true"},
    )
    with clinic_of(therapist):
        assert SafetyTask.objects.filter(case=case, closed_at=None).exists()
    assert stored(case, therapist).urgency == Urgency.OPEN_SAFETY_TASK
    assert "Urgent Person" in listed(client)
    close_task(case, therapist)
    assert "Urgent Person" not in listed(client)


def test_handing_over_tells_the_colleague_until_they_have_seen_it(
    client: Client, therapist: User, colleague: User, client_for: ClientFor
) -> None:
    case = make_case(therapist, name="Handed Person")
    theirs = client_for(colleague)

    done = client.post(url("hand", case), {"to": colleague.pk, "note": "Knows you"})

    assert done.status_code == 302
    assert stored(case, therapist).therapist_id == colleague.pk
    assert "Handed Person" in listed(client, whose="clinic")
    assert client.get(reverse("cases:case", args=[case.pk])).status_code == 200
    assert "Handed over to you" in listed(theirs)
    assert "Knows you" in listed(theirs)
    client.post(url("seen", case))
    assert "Handed over to you" in listed(theirs)
    theirs.post(url("seen", case))
    assert "Handed over to you" not in listed(theirs)
    assert "Handed Person" not in listed(client)
    assert client.post(url("hand", case), {"to": therapist.pk}).status_code == 403
    assert close(client, case) == 403
    assert "case.handed_over" in actions_on(case)


def test_case_that_was_handed_over_stays_in_view_until_the_colleague_has_seen_it(
    client: Client, therapist: User, colleague: User, client_for: ClientFor
) -> None:
    case = make_case(therapist, name="Given Person", phq9=POSITIVE_FORM)
    address, form = url("hand", case), {"to": colleague.pk, "note": "Please look today"}

    Membership.objects.filter(user=colleague).update(
        away_from=timezone.localdate(), away_until=date(2999, 5, 4), stand_in=therapist
    )
    assert "away until 4 May 2999" in client.get(address).content.decode()
    Membership.objects.filter(user=colleague).update(away_from=None, away_until=None, stand_in=None)

    assert client.post(address, form).status_code == 302
    assert client.post(address, form)["Location"] == reverse("cases:list")  # pressed twice
    worked()
    (mailed,) = [one for one in mail.outbox if one.subject.endswith("handed over to you")]
    assert mailed.to == [colleague.email]
    assert "Given" not in mailed.body
    assert actions_on(case).count("case.handed_over") == 1
    given, taken = listed(client), listed(client_for(colleague))

    assert "You handed over, and it is not seen yet" in given
    assert "A safety task is open" in given
    assert reverse("cases:safety", args=[case.pk]) in given
    assert "You handed over" not in taken
    assert "Handed over to you" in taken
    client_for(colleague).post(url("seen", case))
    assert "Given Person" not in listed(client)


def test_case_that_went_to_the_wrong_colleague_is_taken_back_until_they_have_seen_it(
    client: Client, therapist: User, colleague: User, other_therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist, name="Strayed Person")
    third = make_member(
        clinic=therapist.membership.clinic, role=Role.THERAPIST, name="Dr. T. Third"
    )
    give = {"to": colleague.pk}

    client.post(url("hand", case), give)
    assert url("take_back", case) in listed(client)
    for nobody in (colleague, third):  # they did not give it
        client_for(nobody).post(url("take_back", case))
        assert stored(case, therapist).therapist_id == colleague.pk
    assert client_for(other_therapist).post(url("take_back", case)).status_code == 404
    worked()
    mailed = len(mail.outbox)

    for _ in range(2):  # pressed twice
        assert client.post(url("take_back", case)).status_code == 302
    worked()

    assert stored(case, therapist).therapist_id == therapist.pk
    assert len(mail.outbox) == mailed
    assert "Handed over to you" not in listed(client)
    assert "Strayed Person" in listed(client)
    assert "Strayed Person" not in listed(client_for(colleague))
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert f"Handed over from {colleague} to {therapist}" in page
    assert "Taken back" in page
    assert actions_on(case).count("case.handed_over") == 2

    client.post(url("hand", case), give)
    client_for(colleague).post(url("seen", case))
    late = client.post(url("take_back", case), follow=True)
    assert "Your colleague has seen it by now" in late.content.decode()
    assert stored(case, therapist).therapist_id == colleague.pk


@for_each("page", ["close", "hand"])
def test_two_presses_that_arrive_together_are_one(
    page: str,
    client: Client,
    therapist: User,
    colleague: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_case(therapist)
    form, name, event = {
        "close": ({"reason": "finished"}, "close_case", "case.closed"),
        "hand": ({"to": colleague.pk}, "hand_over", "case.handed_over"),
    }[page]
    done = getattr(views, name)

    def by_both(**asked: Any) -> None:
        """The other one is there first, after both have read the case."""
        done(**asked)
        done(**asked)

    monkeypatch.setattr(views, name, by_both)

    assert client.post(url(page, case), form).status_code == 302
    assert actions_on(case).count(event) == 1


def test_closing_names_what_is_still_open_and_is_done_once(
    client: Client, therapist: User, colleague: User
) -> None:
    decision = make_decision(therapist)
    case = decision.case
    with clinic_of(therapist):
        letter = start_letter(case=case, actor=therapist, decision=decision)

    shown = client.get(url("close", case)).content.decode()
    assert f"Letter {letter.number} is not signed" in shown
    assert "Nobody is reminded of it" in shown
    with clinic_of(therapist):
        make(case, therapist)
    for page in ("close", "hand"):
        assert "The patient has a link to forms" in client.get(url(page, case)).content.decode()
    assert close(client, case, note="Went well") == 302
    assert close(client, case, note="Went well") == 302  # pressed twice
    assert close(client, case, note="Went otherwise") == 409
    assert actions_on(case).count("case.closed") == 1


def test_safety_task_of_a_closed_case_is_due_and_nothing_else_of_it(therapist: User) -> None:
    case = make_case(therapist, name="Urgent Person")
    with clinic_of(therapist):
        close_case(case=case, actor=therapist, reason="finished")
        item9 = Item9(points=2, day=timezone.localdate())
        raise_safety_task(case=case, item9=item9, actor=therapist)
        far = timezone.localdate() + timedelta(days=365)
        due = due_things(Case.objects.all(), until=far)

    assert [one.what for one in due] == ["Act first: a safety task is open"]


def test_second_episode_beside_one_that_was_begun_is_named_and_a_colleagues_is_told(
    client: Client, therapist: User, colleague: User, client_for: ClientFor
) -> None:
    case = make_case(therapist)
    assert "a later episode already" not in client.get(url("copy", case)).content.decode()

    copy = client_for(colleague).post(url("copy", case))["Location"]
    worked()

    assert close(client, case) == 302
    for page in ("copy", "reopen"):
        shown = client.get(url(page, case)).content.decode()
        assert "There is a later episode already" in shown
        assert copy in shown
    assert [one.to for one in mail.outbox] == [[therapist.email]]
    assert "a colleague changed one of your cases" in mail.outbox[0].subject


def test_case_page_leads_to_the_letter_from_its_top(client: Client, therapist: User) -> None:
    decision = make_decision(therapist)
    address = reverse("cases:case", args=[decision.case.pk])

    def top() -> str:
        return client.get(address).content.decode().partition("1. Answer the questions")[0]

    assert reverse("letters:compose_list", args=[decision.case.pk]) in top()
    with clinic_of(therapist):
        letter = start_letter(case=decision.case, actor=therapist, decision=decision)
    assert reverse("letters:letter", args=[decision.case.pk, letter.pk]) in top()


def test_who_can_take_a_case_over(
    client: Client, therapist: User, other_therapist: User, colleague: User
) -> None:
    case = make_case(therapist)
    staff = make_member(clinic=therapist.membership.clinic, role=Role.STAFF)

    for person in (other_therapist, staff, therapist):
        assert client.post(url("hand", case), {"to": person.pk}).status_code == 422
    assert stored(case, therapist).therapist_id == therapist.pk


@pytest.mark.both_databases
def test_a_copy_holds_what_nothing_undoes_and_names_its_source(
    client: Client, therapist: User, colleague: User
) -> None:
    case = make_case(
        therapist,
        name="Twice Person",
        phq9=FORM_OF_TWOS,
        suicide_risk="passive",
        bp_systolic=130,
        pregnancy="no",
        tms_courses=1,
        brain_condition="no",
        medicines=["lithium"],
    )
    long_ago = timezone.localdate() - timedelta(days=400)
    answer(case, therapist, "vascular_disease", "yes", assessed_on=long_ago)
    answer(case, therapist, "diagnosis", "bipolar", assessed_on=long_ago)
    close(client, case)

    shown = client.get(url("copy", case)).content.decode()
    assert "Bipolar depression" in shown
    done = client.post(url("copy", case))

    with clinic_of(therapist):
        copy = Case.objects.get(copied_from=case)
        rows = {row.question: row for row in Answer.objects.filter(case=copy)}
    assert set(rows) == {"vascular_disease", "diagnosis"}
    assert {row.assessed_on for row in rows.values()} == {long_ago}
    assert copy.patient_name == "Twice Person"
    assert done["Location"] == reverse("cases:case", args=[copy.pk])
    ours, source = (
        client.get(reverse("cases:case", args=[one.pk])).content.decode() for one in (copy, case)
    )
    assert reverse("cases:case", args=[case.pk]) in ours
    assert reverse("cases:case", args=[copy.pk]) in source
    checked = client.get(reverse("cases:check", args=[copy.pk])).content.decode()
    assert str(long_ago.year) in checked
    assert "case.copied" in actions_on(case)


HISTORY = {
    Kind.TMS_COURSES: TmsCourse(started="2023-04", device="H1", sessions=36),
    Kind.TRIALS: DrugTrial(drug="Sertraline"),
    Kind.ALLERGIES: Allergy(substance="Penicillin"),
    Kind.MEDICINES: Medicine(name="lorazepam"),
}


def test_a_copy_takes_the_treatment_history_over_and_says_so(
    client: Client, therapist: User
) -> None:
    case = make_case(therapist, antidepressant_trials=2)
    with clinic_of(therapist):
        for kind, values in HISTORY.items():
            add_row(case=case, actor=therapist, kind=kind, values=values)
        say_none(case=case, actor=therapist, kind=Kind.SCORES)

    shown = client.get(url("copy", case)).content.decode()
    client.post(url("copy", case))

    with clinic_of(therapist):
        copy = Case.objects.get(copied_from=case)
        found = history_of(copy)
    assert "Treatment history, TMS courses: 1" in shown
    assert "Medicines taken now are asked again" in shown
    assert found.tms_courses == (HISTORY[Kind.TMS_COURSES],)
    assert [(one.drug, one.episode) for one in found.trials] == [("Sertraline", EARLIER)]
    assert found.allergies == (HISTORY[Kind.ALLERGIES],)
    assert not found.medicines
    assert not found.none_of
    answer(copy, therapist, "antidepressant_trials", 3)
    page = client.get(reverse("history:history", args=[copy.pk])).content.decode()
    assert page.count("Taken over from the earlier episode") == 3
    assert "Do these fit?" not in page
    before = client.get(reverse("history:history", args=[case.pk])).content.decode()
    assert "Taken over" not in before


NEVER_COPIED = {
    "age_years",
    "phq9",
    "gad7",
    "suicide_risk",
    "item9_asked_again",
    "attempt_assessed",
    "pregnancy",
    "bp_systolic",
    "bp_diastolic",
    "medicines",
    "preference",
    "tms_courses",
    "tms_now",
}


def test_the_edition_copies_nothing_that_changes() -> None:
    held = what_holds(CURRENT_EDITION)
    questionnaire = load_edition(CURRENT_EDITION).questionnaire

    assert held
    assert not NEVER_COPIED & set(held)
    assert "no" not in {value for values in held.values() for value in values}
    changeable = {one.id for one in questionnaire.questions if one.changeable}
    assert not changeable & set(held)


@pytest.mark.both_databases
def test_steps_are_not_changed(client: Client, therapist: User) -> None:
    case = make_case(therapist)
    close(client, case)

    with clinic_of(therapist), pytest.raises(DatabaseError), transaction.atomic():
        LifeStep.objects.update(kind="reopened", reason="")


def test_another_clinics_case_is_404_with_a_row(
    therapist: User, other_therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist)
    outsider = client_for(other_therapist)

    for name in ("close", "reopen", "hand", "copy"):
        assert outsider.get(url(name, case)).status_code == 404
        assert outsider.post(url(name, case)).status_code == 404
    assert outsider.post(url("seen", case)).status_code == 404
    refused = Event.objects.filter(outcome="refused", object_id=str(case.pk))
    assert refused.count() == 9
