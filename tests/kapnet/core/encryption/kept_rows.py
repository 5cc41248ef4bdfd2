"""A patient of whom every encrypted column says something, and what the database holds of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import DateField, Model
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.consents.actions import record_consent, revoke_consent
from decisions.desk.actions import add_note, take_step
from decisions.desk.exporting import ask_for_export, run_export
from decisions.desk.models import Export, Reply, ReplyLink
from decisions.desk.replies.settling import set_reply_aside
from decisions.documents.letter.treatment_history import DrugTrial
from decisions.emergency.actions import mark_seen, note_search, open_in_emergency
from decisions.exit.models import BulkFile, BulkJob, Exit
from decisions.fhir.received.models import ProposedAnswer, Received
from decisions.follow_up.assessments.actions import void_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.cohorts.making import Period, make_report
from decisions.follow_up.courses.actions import (
    add_course,
    end_follow_up,
    note_event,
    take_up_again,
    void_event,
)
from decisions.form_links.actions import make_link, save_contact
from decisions.form_links.cards import CARDS
from decisions.form_links.models import FormLink, Proposal
from decisions.letters.actions import start_correction
from decisions.letters.disclosure.actions import note_disclosure
from decisions.letters.models import Letter, LetterFacts, LetterTask
from decisions.life.actions import close_case, reopen_case
from decisions.patient.actions import save_needs
from decisions.patient.models import PatientCorrection
from decisions.phrases.actions import keep_phrase
from decisions.smart.models import EhrIssuer, EhrPatient
from decisions.treatment_history.actions import add_row
from evidence.models import Release
from kapnet.core.clients.models import ApiClient
from kapnet.core.encryption.fields import Encrypted
from kapnet.core.people.models import User
from tests.decisions.case_factories import POSITIVE_FORM, answer, clinic_of, close_task
from tests.decisions.consents.test_consent_views import PAPER
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign, write_facts
from tests.decisions.plans.plan_factories import store

WORD = "Quillfeather"
NAME = f"Zyxwora {WORD}"
SAID = dict.fromkeys(
    (
        *("act_first_done", "coordinator_name", "coordinator_phone", "coordinator_what"),
        *("goals", "medical_emergency", "next_look_by", "questions"),
        "until_answer",
    ),
    WORD,
)

GUARDED = (
    "letters_emergencydisclosure",
    "letters_letter",
    "decisions_decision",
    "desk_deliverystep",
    "desk_replylink",
    "emergency_emergencyaccess",
    "emergency_emergencysearch",
    "emergency_emergencystep",
    "follow_up_cohortreport",
    "life_lifestep",
    "patient_patientcorrection",
    "received_received",
)
"""Tables whose rows stay as they are."""


def fill_everything(therapist: User, staff: User) -> Letter:
    """A case with all that hangs on it; returns its signed letter."""
    decision = make_decision(therapist, name=NAME)
    case = decision.case
    write_facts(case, therapist, **_facts())
    letter = sign(make_draft(therapist, decision, copies=NAME, reasoning=WORD, **SAID), therapist)
    store(case, therapist)
    store(case, therapist, version=1, tms_sessions=10)
    answer(case, therapist, "phq9", POSITIVE_FORM)
    close_task(case, therapist)
    with clinic_of(therapist):
        add_row(case=case, actor=therapist, kind="trials", values=DrugTrial(drug=WORD))
        _revoked_consent(case, therapist)
        _follow_up(case, therapist)
        add_note(letter=letter, by=staff, note=WORD)
        export = ask_for_export(
            clinic=case.clinic, by=staff, letters=[letter], kind=Export.Kind.ZIP
        )
        _correction_and_task(letter, therapist)
        note_search(clinic=case.clinic, actor=staff, reason=WORD, found=1)
        access = open_in_emergency(case=case, actor=staff, reason=WORD)
        mark_seen(access=access, actor=therapist, note=WORD)
    run_export(export.pk)
    with clinic_of(therapist):
        take_step(letter=letter, by=staff, seen_version=2, status="sent", how="fax", proof=WORD)
        Case.objects.filter(pk=case.pk).update(reference=WORD)
        note_disclosure(letter=letter, by=therapist, at=timezone.now())
        PatientCorrection.objects.create(
            case=case,
            patient_name=NAME,
            date_of_birth=timezone.localdate(),
            reference=WORD,
            reason=WORD,
            corrected_at=timezone.now(),
            corrected_by=therapist,
        )
        save_needs(
            case=case, actor=therapist, preferred_name=WORD, language=WORD, interpreter="needed"
        )
        close_case(case=case, actor=therapist, reason="finished", note=WORD)
        reopen_case(case=case, actor=therapist)
        _form_link(case, therapist)
        _sent_by_a_system(case)
        keep_phrase(clinic=case.clinic, actor=therapist, kind="reasoning", text=WORD)
        _set_aside_reply(letter, staff)
        _launched(case, therapist)
        _taken_along(case, therapist, staff)
    return letter


def _taken_along(case: Case, therapist: User, staff: User) -> None:
    """Everything was asked for twice, and once by a program."""
    refused = {"state": Exit.State.REFUSED, "refused_because": WORD}
    for more in (refused, {"state": Exit.State.RUNNING, "key": WORD}):
        Exit.objects.create(
            clinic=case.clinic, asked_by=therapist, settled_by=staff, reason=WORD, **more
        )
    client = ApiClient.objects.create(
        clinic=case.clinic, name="Records", kind="backend", keys={}, made_by=staff
    )
    job = BulkJob.objects.create(clinic=case.clinic, client=client, kinds=[], scopes=[])
    BulkFile.objects.create(
        job=job, run=uuid4(), name="Patient-0001", kind="Patient", lines=1, content=NAME.encode()
    )


def _set_aside_reply(letter: Letter, staff: User) -> None:
    link = ReplyLink.objects.create(
        letter=letter, clinic=letter.clinic, code_sha256="0" * 64, ends_at=timezone.now()
    )
    said = dict.fromkeys(("name", "reach", "text"), WORD)
    reply = Reply.objects.create(
        link=link, clinic=letter.clinic, kind="asks", day=timezone.localdate(), **said
    )
    set_reply_aside(letter=letter, by=staff, reply_id=reply.pk, because=WORD)


def _launched(case: Case, therapist: User) -> None:
    """The case as one of a patient of an EHR."""
    now = timezone.now()
    issuer = EhrIssuer.objects.create(
        clinic=case.clinic,
        name="EHR",
        iss="https://ehr.example/fhir",
        client_id="kapnet",
        saved_at=now,
        saved_by=therapist,
    )
    EhrPatient.objects.create(
        clinic=case.clinic,
        issuer=issuer,
        patient_sha256="0" * 64,
        case=case,
        linked_at=now,
        linked_by=therapist,
    )


def _facts() -> dict[str, object]:
    fields = [one for one in LetterFacts._meta.concrete_fields if isinstance(one, Encrypted)]
    today = timezone.localdate()
    return {one.name: today if isinstance(one, DateField) else WORD for one in fields}


def _revoked_consent(case: Case, therapist: User) -> None:
    words = {"scope": WORD, "signed_by": NAME, "expires_with": WORD}
    consent = record_consent(case=case, actor=therapist, values={**PAPER, **words})
    revoke_consent(consent=consent, actor=therapist, because=WORD)


def _follow_up(case: Case, therapist: User) -> None:
    """A course with an event, a form and an end, all voided, and a report."""
    today = timezone.localdate()
    course = add_course(
        case=case,
        actor=therapist,
        values={
            "option": "ketamine",
            "state": "running",
            "first_session_on": today,
            "given_as": WORD,
            "note": NAME,
        },
    )
    said = {"happened_on": today, "kind": "syncope", "text": WORD}
    event = note_event(course=course, actor=therapist, values=said)
    void_event(event=event, actor=therapist, because=WORD)
    ended = {"ended_on": today, "kind": "moved"}
    end = end_follow_up(case=case, actor=therapist, values=ended)
    take_up_again(end=end, actor=therapist, because=WORD)
    void_assessment(
        assessment=Assessment.objects.filter(case=case, voided_at=None)[0],
        actor=therapist,
        because=WORD,
    )
    make_report(clinic=case.clinic, option="ketamine", period=Period(today, today), actor=therapist)


def _form_link(case: Case, therapist: User) -> None:
    """A link that the patient has begun to answer, with the address to which it goes."""
    save_contact(case=case, actor=therapist, email=f"{WORD}@example.org", may_mail="yes")
    made = make_link(case=case, actor=therapist, cards=CARDS, read_within_days=2, sent_as="shown")
    FormLink.objects.filter(pk=made.link.pk).update(draft={"phq9": {"item1": 2}})
    Proposal.objects.create(
        clinic=case.clinic,
        case=case,
        link=made.link,
        question="seizure",
        asked=WORD,
        said=WORD,
        value="no",
        stated_at=timezone.now(),
    )


def _sent_by_a_system(case: Case) -> None:
    """Answers of another system that nobody has looked at."""
    sent = Received.objects.create(
        clinic=case.clinic,
        case=case,
        kind=Received.Kind.CLIENT,
        sender="0" * 32,
        sender_name="Record system",
        form="edition-2026.2",
        edition=case.edition,
        identifier=["urn:x", WORD],
        identifier_sha256="0" * 64,
        answers={"diagnosis": "mdd"},
    )
    ProposedAnswer.objects.create(
        clinic=case.clinic,
        case=case,
        received=sent,
        question="diagnosis",
        said=WORD,
        value="mdd",
        resource=WORD,
    )


def _correction_and_task(letter: Letter, therapist: User) -> None:
    draft = start_correction(letter=letter, actor=therapist)
    Letter.objects.filter(pk=draft.pk).update(replaces_because=WORD, stricter_because=WORD)
    counts = dict.fromkeys(("source_count", "position_count", "caution_count", "claim_count"), 0)
    release = Release.objects.create(number=900, name="900", sha256="0" * 64, **counts)
    entry = {"entry_kind": "source", "entry_key": "a-1999", "source_key": "a-1999"}
    LetterTask.objects.create(
        letter=letter, reason="withdrawn", release=release, label="A source", note=WORD, **entry
    )


def encrypted_fields() -> Iterator[tuple[type[Model], Any]]:
    """Every encrypted field of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Encrypted):
                yield model, field


def values_of_everything() -> dict[str, list[Any]]:
    """What the program reads in every encrypted field, row by row."""
    with scopes_disabled():
        return {
            f"{model.__name__}.{field.name}": list(
                model._base_manager.order_by("pk").values_list(field.name, flat=True)
            )
            for model, field in encrypted_fields()
        }


def everything_stored() -> bytes:
    """All that the database holds: each row of each table, and the files of SQLite."""
    held = b""
    with scopes_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                held += b"|".join(map(_bytes, row)) + b"\n"
    return held + _files_of_sqlite()


def is_guarded(table: str) -> bool:
    """Whether the database refuses to remove rows of the table."""
    try:
        with scopes_disabled(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    except DatabaseError as refused:
        return "cannot be changed" in str(refused) or "append-only" in str(refused)
    return False


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _files_of_sqlite() -> bytes:
    if connection.vendor != "sqlite":
        return b""
    name = str(connection.settings_dict["NAME"])
    files = [Path(name), Path(f"{name}-wal")]
    return b"".join(one.read_bytes() for one in files if one.exists())
