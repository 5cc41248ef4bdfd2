"""Who a person of an EHR is here, and which case is about its patient: each by a person's click."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.fhir.observed.reading import is_born_otherwise
from decisions.smart.models import EhrIdentity, EhrIssuer, EhrPatient, hash_of
from decisions.smart.stops import Reason, Stop
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User
from kapnet.core.people.one_place import remove


def is_linked(issuer: EhrIssuer, fhir_user: str, user: User) -> bool:
    """Whether this person of the EHR is this person here. Raises Stop where it is somebody else."""
    theirs = EhrIdentity.objects.filter(issuer=issuer, fhir_user=fhir_user).first()
    if theirs is not None and theirs.user_id != user.pk:
        raise Stop(Reason.OTHER_PERSON)
    if theirs is None and EhrIdentity.objects.filter(issuer=issuer, user=user).exists():
        raise Stop(Reason.TWO_PERSONS)
    return theirs is not None


def link_person(*, issuer: EhrIssuer, fhir_user: str, user: User) -> None:
    """The person says that it is them. Raises Stop where it was linked otherwise meanwhile."""
    if is_linked(issuer, fhir_user, user):
        return
    try:
        with transaction.atomic():
            made = EhrIdentity.objects.create(
                clinic=issuer.clinic,
                issuer=issuer,
                fhir_user=fhir_user,
                user=user,
                linked_at=timezone.now(),
            )
            _record("ehr.person_linked", issuer, user, made.pk)
    except IntegrityError:
        is_linked(issuer, fhir_user, user)


@transaction.atomic
def unlink_person(*, identity: EhrIdentity, actor: User) -> None:
    """A manager takes a wrong link away; the person can make a new one."""
    _record("ehr.person_unlinked", identity.issuer, actor, identity.pk)
    remove(EhrIdentity.objects.filter(pk=identity.pk))


def _record(action: str, issuer: EhrIssuer, actor: User, identity: object) -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=issuer.clinic,
        object_type="ehr",
        object_id=issuer.pk,
        reason=f"link {identity}",
    )


# The patient


def case_of(issuer: EhrIssuer, patient: str) -> Case | None:
    """The case that is about this patient of the EHR."""
    found = EhrPatient.objects.filter(issuer=issuer, patient_sha256=hash_of(patient, issuer))
    link = found.select_related("case").first()
    return link.case if link else None


def choosable(issuer: EhrIssuer, user: User, birth: str) -> list[Case]:
    """Open cases of this person that can be about the patient, by their date of birth.

    One that is about another patient of the EHR cannot.
    """
    taken = EhrPatient.objects.filter(issuer=issuer).values("case")
    mine = Case.objects.filter(therapist=user, closed_at=None).exclude(pk__in=taken)
    return [one for one in mine.order_by("-last_change", "-number") if may_be(one, birth)]


def may_be(case: Case, birth: str) -> bool:
    """Whether the dates of birth do not differ; one that is not known differs from none."""
    return not is_born_otherwise(case.date_of_birth, birth)


def link_patient(*, issuer: EhrIssuer, patient: str, case: Case, birth: str, actor: User) -> None:
    """The person says that the case is about this patient of the EHR. Raises Stop.

    It takes the place of a case that was closed meanwhile.
    """
    if not may_be(case, birth):
        raise Stop(Reason.BORN)
    key = hash_of(patient, issuer)
    said = {"case": case, "linked_at": timezone.now(), "linked_by": actor}
    try:
        with transaction.atomic():
            closed = EhrPatient.objects.filter(
                issuer=issuer, patient_sha256=key, case__closed_at__isnull=False
            )
            if not closed.update(**said):
                EhrPatient.objects.create(
                    clinic=issuer.clinic, issuer=issuer, patient_sha256=key, **said
                )
            record_case_event("ehr.patient_linked", case, actor, issuer.pk)
    except IntegrityError:
        if case_of(issuer, patient) != case:
            raise Stop(Reason.TAKEN_CASE) from None
