"""Who a case is about: corrected with a reason, after a look at what that does."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, record_listed, show
from decisions.cases.models import Case
from decisions.cases.patients import Details, details_of, possible_duplicates
from decisions.cases.told import signed_letters_of
from decisions.patient.actions import (
    NotTheirTherapistError,
    PatientChangedError,
    correct_patient,
    may_correct,
    new_age,
)
from decisions.patient.forms import CorrectionForm, fingerprint_of
from decisions.patient.queries import corrected_in
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE


@dataclass(frozen=True)
class Effects:
    """What a correction does besides, and the cases that look like the same patient."""

    age: int | None
    age_before: object
    alike: list[Case]
    fingerprint: str

    def __bool__(self) -> bool:
        return self.age is not None or bool(self.alike)


@case_page("case.work", reads="patient.read")
def patient(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The patient's details; a post corrects them once its effects were on the page."""
    if request.method != "POST":
        return _page(request, file, CorrectionForm(case=file.case))
    if not may_correct(file.case, request.user):
        record_refusal(request, "patient.correct", "case", file.case.pk)
        raise PermissionDenied
    form = CorrectionForm(request.POST, case=file.case)
    if not form.is_valid():
        return _page(request, file, form, status=UNPROCESSABLE)
    if not form.is_of_what_stands:
        return _page(request, file, form, status=CONFLICT)
    effects = _effects(file, form.details)
    if effects and not form.was_looked_at:
        record_listed(request)
        return _page(request, file, form, effects=effects)
    return _corrected(request, file, form)


def _corrected(request: MemberRequest, file: CaseFile, form: CorrectionForm) -> HttpResponse:
    try:
        correct_patient(
            case=file.case,
            actor=request.user,
            seen=details_of(file.case),
            details=form.details,
            reason=form.cleaned_data["reason"],
        )
    except (PatientChangedError, NotTheirTherapistError):
        return _page(request, file, form, status=CONFLICT)
    messages.success(request, "Corrected. The old details are kept with your reason.")
    return redirect("patient:patient", file.case.pk)


def _effects(file: CaseFile, details: Details) -> Effects:
    return Effects(
        age=new_age(file, details),
        age_before=file.raw_answers.get("age_years"),
        alike=possible_duplicates(file.case.clinic, details, but=file.case),
        fingerprint=fingerprint_of(details),
    )


def _page(
    request: MemberRequest,
    file: CaseFile,
    form: CorrectionForm,
    *,
    effects: Effects | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "effects": effects,
        "alike": effects.alike if effects else [],
        "has_changed": status == CONFLICT,
        "may_correct": may_correct(file.case, request.user),
        "corrections": corrected_in(file.case),
        "letters": signed_letters_of(file.case),
    }
    return show(request, file, "patient/patient.html", context, status=status)
