"""One clinic with one of everything, and people on both sides of its wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from decisions.care_team.actions import add_member
from decisions.care_team.models import TeamMember
from decisions.cases.models import Case
from decisions.consents.actions import record_consent
from decisions.desk.exporting import ask_for_export
from decisions.desk.models import Export
from decisions.emergency.actions import open_in_emergency
from decisions.exit.actions import ask
from decisions.follow_up.assessments.actions import record_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.cohorts.making import Period, make_report
from decisions.follow_up.courses.actions import add_course, note_event
from decisions.form_links.actions import make_link
from decisions.form_links.answering import take_hold
from decisions.form_links.models import FormLink, Proposal
from decisions.patient_forms.views import COOKIE
from decisions.phrases.actions import keep_phrase
from decisions.rules.loading import CURRENT_EDITION
from decisions.rules.questionnaire.instruments import Scores
from decisions.smart.models import EhrIdentity, EhrIssuer
from decisions.treatment_history.models import Kind
from evidence.curation.actions import save_entry
from evidence.curation.importing import keep_upload
from evidence.curation.models import Change, ReleaseDraft
from evidence.followers.digest_actions import stop_token
from evidence.followers.feed_actions import make_feed_address
from evidence.models import Source
from evidence.queries import current_evidence
from kapnet.core.accounts.policies import ANYONE, EVIDENCE_ADMIN, OWNER
from kapnet.core.clients.actions import change_rights
from kapnet.core.clients.models import Agreement
from kapnet.core.clients.scopes import EVERYTHING
from kapnet.core.people.models import Role, User
from kapnet.core.web.secret_pages import hand_cookie
from tests.decisions.case_factories import clinic_of
from tests.decisions.consents.test_consent_views import PAPER
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign
from tests.decisions.treatment_history.test_history_views import add as add_row
from tests.evidence.evidence_factories import load_own_dossier
from tests.factories import PASSWORD, make_clinic, make_member, make_user
from tests.kapnet.core.clients.client_factories import make_api_client
from tests.kapnet.core.directory.directory_factories import make_site
from tests.whole.matrix.routes import Route

PATIENT = "Sentinel Matrixpatient"
REFERENCE = b"TY  - JOUR\nTI  - A study that is new\nER  - \n"
MISSING_ID = UUID("6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab")
MISSING = {
    "number": 99,
    **dict.fromkeys(
        (
            *("agreement_id", "member_id", "pk", "proposal_id", "change_id", "draft_id"),
            *("event_id", "identity_id"),
        ),
        999_999,
    ),
    "import_id": MISSING_ID,
}
OF_NOBODY = frozenset(
    (
        "kind",
        "edition_id",
        "section_id",
        "question_id",
        "key",
        "name",
        "ending",
        "language",
        "uidb36",
        "secret",
        "code",
        "token",
        "pk",
        "entry_kind",
        "entry_key",
        "change_id",
        "draft_id",
        "import_id",
    )
)
"""What stands in an address and belongs to no clinic."""


@dataclass(frozen=True)
class World:
    """clients: by role, in the clinic; outsiders: the same roles in another clinic."""

    clients: dict[str, Client]
    outsiders: dict[str, Client]
    objects: dict[str, Any]
    signed_id: UUID
    patient: Client
    """A browser that holds a patient's link."""

    def own(self, route: Route) -> dict[str, object]:
        """What stands in the address of an object of the clinic; KeyError: no factory for it."""
        found = {name: self.objects[name] for name in route.places}
        if "letter_id" in found and "case_id" not in found:
            found["letter_id"] = self.signed_id
        return found

    def missing(self, route: Route) -> dict[str, object]:
        """The same with the last object of a clinic replaced by one that is not there."""
        found = self.own(route)
        last = [name for name in route.places if name not in OF_NOBODY][-1]
        return {**found, last: MISSING.get(last, MISSING_ID)}

    def nowhere(self, route: Route) -> dict[str, object]:
        """The same with nothing that is there."""
        missing = {name: MISSING.get(name, MISSING_ID) for name in route.places}
        return {**missing, **dict.fromkeys(OF_NOBODY & missing.keys() - MISSING.keys(), "anything")}


def has_walled_object(route: Route) -> bool:
    """Whether the address names something that belongs to a clinic."""
    return bool(set(route.places) - OF_NOBODY)


def make_world() -> World:
    """The clinic, its things and its people."""
    load_own_dossier()
    clinic, elsewhere = make_clinic(), make_clinic(name="Other clinic")
    people = {role.value: make_member(clinic=clinic, role=role, password=PASSWORD) for role in Role}
    others = {role.value: make_member(clinic=elsewhere, role=role) for role in Role}
    curator = make_user(password=PASSWORD, is_evidence_admin=True)
    owner = make_user(is_evidence_admin=True)
    owner.is_superuser = True
    owner.save(update_fields=["is_superuser"])
    therapist, staff = people[Role.THERAPIST], people[Role.STAFF]
    signed = sign(make_draft(therapist, make_decision(therapist, name=PATIENT)), therapist)
    draft = make_draft(therapist, make_decision(therapist, name=PATIENT))
    site = make_site(staff)
    with clinic_of(therapist):
        consent = record_consent(case=draft.case, actor=therapist, values=PAPER)
        add_member(case=draft.case, actor=therapist, site=site, part=TeamMember.Part.PRESCRIBER)
        member = TeamMember.objects.get(case=draft.case)
        phrase = keep_phrase(clinic=clinic, actor=therapist, kind="reasoning", text="Again")
        export = ask_for_export(clinic=clinic, by=staff, letters=[signed], kind=Export.Kind.ZIP)
        link = make_link(
            case=draft.case, actor=therapist, cards=["safety"], read_within_days=1, sent_as="shown"
        ).link
        said = Proposal.objects.create(
            clinic=clinic,
            case=draft.case,
            link=link,
            question="bladder",
            asked="Do you have trouble with your bladder?",
            said="No",
            value="no",
            stated_at=timezone.now(),
        )
        taken_along = ask(clinic=clinic, actor=people[Role.MANAGER], reason="The clinic moves.")
        access = open_in_emergency(case=draft.case, actor=staff, reason="Nobody could be reached.")
        issuer = EhrIssuer.objects.create(
            clinic=clinic,
            name="EHR",
            iss="https://ehr.example/fhir",
            client_id="kapnet",
            saved_at=timezone.now(),
            saved_by=people[Role.MANAGER],
        )
        identity = EhrIdentity.objects.create(
            clinic=clinic,
            issuer=issuer,
            fhir_user="https://ehr.example/fhir/Practitioner/1",
            user=therapist,
            linked_at=timezone.now(),
        )
        program = make_api_client(clinic)
        scopes = [*program.scopes, EVERYTHING]
        change_rights(client=program, actor=people[Role.MANAGER], scopes=scopes, reason="Moving.")
        agreement = Agreement.objects.get(client=program)
    followed = follow_up_of(draft.case, therapist)
    objects: dict[str, object] = {
        **followed,
        "access_id": access.pk,
        "issuer_id": issuer.pk,
        "identity_id": identity.pk,
        "agreement_id": agreement.pk,
        "case_id": draft.case_id,
        "letter_id": draft.pk,
        "link_id": link.pk,
        "proposal_id": said.pk,
        "client_id": program.pk,
        "consent_id": consent.pk,
        "row_id": add_row(draft.case, therapist).pk,
        "kind": Kind.MEDICINES.value,
        "member_id": member.pk,
        "site_id": site.pk,
        "colleague_id": site.colleague_id,
        "export_id": export.pk,
        "exit_id": taken_along.pk,
        "phrase_id": phrase.pk,
        "user_id": staff.pk,
        "number": draft.decision.number,
        "section_id": "scope",
        "question_id": "diagnosis",
        "edition_id": CURRENT_EDITION,
        "key": Source.objects.values_list("key", flat=True)[0],
        "name": current_evidence().release,
        "ending": "ris",
        "language": "es",
        "secret": make_feed_address(person=therapist, clinic=clinic),
        "code": "7Q2M-4F2A-91C0-7BE3",
        "token": stop_token(therapist),
        "uidb36": "abc",
        "pk": 1,
        "entry_kind": "source",
        "entry_key": "senova-2019",
        "change_id": _change(curator).pk,
        "draft_id": _draft(curator).pk,
        "import_id": keep_upload(name="refs.ris", content=REFERENCE, by=curator).pk,
    }
    clients = {role: _signed_in(user) for role, user in people.items()}
    clients |= {ANYONE: Client(), EVIDENCE_ADMIN: _signed_in(curator), OWNER: _signed_in(owner)}
    outsiders = {role: _signed_in(user) for role, user in others.items()}
    return World(clients, outsiders, objects, signed.pk, _patient(link))


def follow_up_of(case: Case, therapist: User) -> dict[str, object]:
    """A course with an event, a form and a report of a case, by what an address calls them."""
    today = timezone.localdate()
    with clinic_of(therapist):
        course = add_course(
            case=case,
            actor=therapist,
            values={"option": "ketamine", "state": "running", "first_session_on": today},
        )
        event = note_event(
            course=course, actor=therapist, values={"happened_on": today, "kind": "syncope"}
        )
        form = record_assessment(
            case=case,
            instrument="phq9",
            scores=Scores(entered_total=12, entered_item9=0),
            taken_on=today,
            source=Assessment.Source.PAPER_TOTAL,
            actor=therapist,
        )
        report = make_report(
            clinic=case.clinic, option="ketamine", period=Period(today, today), actor=therapist
        )
    return {
        "course_id": course.pk,
        "event_id": event.pk,
        "assessment_id": form.pk,
        "report_id": report.pk,
    }


def _change(curator: User) -> Change:
    """A draft of another entry than those that tests go to."""
    entry = current_evidence().source("senova-2019").model_copy(update={"note": "Seen."})
    change = save_entry(entry=entry, by=curator, reason="Seen.")
    assert change is not None
    return change


def _draft(curator: User) -> ReleaseDraft:
    """A release that a worker has not looked at yet."""
    evidence = current_evidence()
    return ReleaseDraft.objects.create(
        status=ReleaseDraft.Status.PREPARING,
        notes="A note.",
        sha256=evidence.sha256,
        prepared_by=curator,
        moved_at=timezone.now(),
    )


def _patient(link: FormLink) -> Client:
    client, response = Client(), HttpResponse()
    take_hold(link, hand_cookie(response, COOKIE, link.pk, seconds=60))
    client.cookies = response.cookies
    return client


def _signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client
