"""A manager's list of the EHRs that may launch, and of who is linked there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from decisions.smart.actions import save_issuer
from decisions.smart.configuration import TYPES
from decisions.smart.forms import IssuerForm
from decisions.smart.linking import unlink_person
from decisions.smart.models import EhrIdentity, EhrIssuer
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.notices.mailing import origin_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import status_of


@require("ehr.keep")
@require_GET
def issuers(request: MemberRequest) -> HttpResponse:
    """Every EHR of the clinic."""
    return render(request, "smart/issuers.html", {"issuers": EhrIssuer.objects.all()})


@require("ehr.keep")
@require_http_methods(["GET", "POST"])
def new_issuer(request: MemberRequest) -> HttpResponse:
    """List another EHR."""
    return _form_page(request, EhrIssuer())


@require("ehr.keep")
@require_http_methods(["GET", "POST"])
def issuer(request: MemberRequest, issuer_id: UUID) -> HttpResponse:
    """Change an EHR, or switch it off; see who is linked there."""
    return _form_page(request, _issuer(request, issuer_id))


@require("ehr.keep")
@require_POST
def unlink(request: MemberRequest, issuer_id: UUID, identity_id: int) -> HttpResponse:
    """Take away the link of a person."""
    found = get_or_404(
        request,
        EhrIdentity.objects.filter(issuer_id=issuer_id).select_related("issuer__clinic", "user"),
        action="ehr.person_unlinked",
        object_type="ehr",
        pk=identity_id,
    )
    unlink_person(identity=found, actor=request.user)
    messages.success(request, f"{found.user} is no longer linked.")
    return redirect("smart:issuer", issuer_id)


def _issuer(request: MemberRequest, issuer_id: UUID) -> EhrIssuer:
    return get_or_404(
        request, EhrIssuer.objects.all(), action="ehr.saved", object_type="ehr", pk=issuer_id
    )


def _form_page(request: MemberRequest, of: EhrIssuer) -> HttpResponse:
    is_new = of._state.adding
    form = IssuerForm(request.POST or None, instance=of)
    if request.method == "POST" and form.is_valid():
        try:
            save_issuer(issuer=form.instance, clinic=request.membership.clinic, actor=request.user)
        except IntegrityError:
            form.add_error("iss", "An EHR with this address is listed already")
        else:
            messages.success(request, "Saved.")
            return redirect("smart:issuers")
    origin = origin_of(request)
    people = [] if is_new else list(of.identities.select_related("user"))
    context = {
        "form": form,
        "is_new": is_new,
        "issuer": of,
        "people": people,
        "types": TYPES,
        "launch_address": origin + reverse("smart:launch"),
        "callback_address": origin + reverse("smart:callback"),
    }
    status = status_of(form)
    return render(request, "smart/issuer.html", context, status=status)
