"""A launch from an EHR: out to it, back from it, who it is, which case, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from decisions.cases.actions import open_case
from decisions.cases.case_page import record_listed
from decisions.cases.models import Case
from decisions.cases.patients import Details, possible_duplicates
from decisions.smart.bringing import bring, details_from
from decisions.smart.launching import Context, begin, context_of, drop, finish, issuer_of
from decisions.smart.linking import (
    case_of,
    choosable,
    is_linked,
    link_patient,
    link_person,
    may_be,
)
from decisions.smart.models import EhrIssuer
from decisions.smart.records import Person, read_patient
from decisions.smart.stops import ENDS_ACCESS, NO_FAULT, Reason, Stop
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Outcome
from kapnet.core.notices.mailing import origin_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.once import posted_once
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import UNPROCESSABLE

View = Callable[..., HttpResponse]
OWN_PAGE = "same-origin"


def stops(view: View) -> View:
    """A view whose launch may end: with a page that says why, and an audit event."""

    @wraps(view)
    def stopping(request: MemberRequest, *args: object, **named: object) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except Stop as stop:
            return _stopped(request, stop)

    return stopping


def _stopped(request: MemberRequest, stop: Stop, case: Case | None = None) -> HttpResponse:
    if stop.reason in ENDS_ACCESS:
        drop(request.session)
    outcome = Outcome.FAILED if stop.reason in NO_FAULT else Outcome.REFUSED
    reason = f"{stop.reason.value}: {stop.detail}" if stop.detail else stop.reason.value
    _record(request, "ehr.launch", reason=reason, outcome=outcome, case=case)
    context = {"words": stop.words, "detail": stop.detail, "case": case}
    return render(request, "smart/stopped.html", context, status=stop.words.status)


def _record(
    request: MemberRequest,
    action: str,
    *,
    issuer: EhrIssuer | None = None,
    case: Case | None = None,
    **said: str,
) -> None:
    record_event(
        action=action,
        actor=request.user,
        clinic=request.membership.clinic,
        object_type="ehr",
        object_id=issuer.pk if issuer else "",
        case_id=case.pk if case else None,
        **said,
    )


@require("ehr.launch")
@require_GET
@limited("ehr.launch")
@stops
def launch(request: MemberRequest) -> HttpResponse:
    """Send the browser to the EHR that launched. An EHR that is not listed is asked nothing."""
    issuer = issuer_of(request.GET.get("iss", ""))
    address = begin(
        request.session,
        issuer,
        launch=request.GET.get("launch", ""),
        redirect=origin_of(request) + reverse("smart:callback"),
    )
    _record(request, "ehr.launched", issuer=issuer)
    # After the form of the sign-in, the page's own policy lets the browser go nowhere else by
    # itself: a person's click does.
    if request.headers.get("Sec-Fetch-Site") == OWN_PAGE:
        return render(request, "smart/continue.html", {"issuer": issuer, "address": address})
    return HttpResponseRedirect(address)


@require("ehr.launch")
@require_GET
@limited("ehr.launch")
@stops
def callback(request: MemberRequest) -> HttpResponse:
    """Take what the EHR sent back, once."""
    issuer, context = finish(request.session, request.GET, user=str(request.user.pk))
    known = is_linked(issuer, context.fhir_user, request.user)
    _record(request, "ehr.opened", issuer=issuer)
    return redirect("smart:patient" if known else "smart:person")


@require("ehr.launch")
@require_http_methods(["GET", "POST"])
@stops
def person(request: MemberRequest) -> HttpResponse:
    """The first time: the person of the EHR is the person who is signed in here."""
    issuer, context = context_of(request.session, user=str(request.user.pk))
    if is_linked(issuer, context.fhir_user, request.user):
        return redirect("smart:patient")
    if request.method == "POST":
        link_person(issuer=issuer, fhir_user=context.fhir_user, user=request.user)
        return redirect("smart:patient")
    return render(request, "smart/person.html", {"issuer": issuer, "launched": context})


def _held(request: MemberRequest) -> tuple[EhrIssuer, Context] | None:
    """The access of this launch; None while the person is not linked yet."""
    issuer, context = context_of(request.session, user=str(request.user.pk))
    return (issuer, context) if is_linked(issuer, context.fhir_user, request.user) else None


@require("ehr.launch")
@require_http_methods(["GET", "POST"])
@limited("ehr.launch")
@stops
def patient(request: MemberRequest) -> HttpResponse:
    """On to the case of the patient; the first time, a person chooses which one it is."""
    held = _held(request)
    if held is None:
        return redirect("smart:person")
    issuer, context = held
    case = case_of(issuer, context.patient)
    try:
        who = read_patient(issuer, context)
    except Stop as stop:
        return _stopped(request, stop, case)
    if case and not case.closed_at:
        if not may_be(case, who.birth):
            return _stopped(request, Stop(Reason.BORN), case)
        return redirect("smart:records", case.pk)
    if request.method == "POST":
        return _choose(request, issuer, context, who)
    return _choose_page(request, issuer, who, closed=case)


def _choose(
    request: MemberRequest, issuer: EhrIssuer, context: Context, who: Person
) -> HttpResponse:
    chosen = request.POST.get("case", "")
    if chosen == "new":
        details = details_from(who)
        if details is None:
            return _choose_page(request, issuer, who, problem="name")
        case = open_case(
            clinic=request.membership.clinic,
            therapist=request.user,
            once=posted_once(request),
            **details._asdict(),
        )
    else:
        mine = {str(one.pk): one for one in Case.objects.filter(therapist=request.user)}
        if chosen not in mine or mine[chosen].closed_at:
            return _choose_page(request, issuer, who, problem="none")
        case = mine[chosen]
    link_patient(
        issuer=issuer, patient=context.patient, case=case, birth=who.birth, actor=request.user
    )
    return redirect("smart:records", case.pk)


def _choose_page(
    request: MemberRequest,
    issuer: EhrIssuer,
    who: Person,
    *,
    closed: Case | None = None,
    problem: str = "",
) -> HttpResponse:
    record_listed(request)
    clinic = request.membership.clinic
    alike = possible_duplicates(clinic, Details(who.name, who.born, "")) if who.name else []
    context = {
        "issuer": issuer,
        "who": who,
        "cases": choosable(issuer, request.user, who.birth),
        "alike": [one for one in alike if one.therapist_id != request.user.pk],
        "closed": closed,
        "problem": problem,
    }
    status = UNPROCESSABLE if problem else 200
    return render(request, "smart/patient.html", context, status=status)


@require("ehr.launch")
@require_GET
@limited("ehr.launch")
@stops
def records(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Read what the EHR says of the patient, propose what is new, and show it beside the case."""
    asked = get_or_404(
        request, Case.objects.all(), action="case.read", object_type="case", pk=case_id
    )
    held = _held(request)
    if held is None:
        return redirect("smart:person")
    issuer, context = held
    case = case_of(issuer, context.patient)
    if case != asked:
        raise Stop(Reason.OTHER_CASE)
    try:
        brought = bring(issuer, context, asked, request.user)
    except Stop as stop:
        return _stopped(request, stop, asked)
    _record(request, "ehr.read", issuer=issuer, case=asked)
    for words in brought:
        messages.info(request, words)
    return redirect("received:said", asked.pk)
