"""What a clinic sets for itself, and who stands in for a therapist who is away."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kapnet.core.accounts.actions import end_away, save_clinic_settings, set_away
from kapnet.core.accounts.forms import AwayForm, ClinicSettingsForm
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.models import Membership, Role
from kapnet.core.people.queries import people_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import status_of

USUAL_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)


@require("clinic.manage")
@require_http_methods(["GET", "POST"])
def clinic_settings(request: MemberRequest) -> HttpResponse:
    """Time zone, how long closed cases are kept, and whether letters are answered online."""
    own = request.membership.clinic
    names = ("time_zone", "kept_years", "has_reply_links")
    form = ClinicSettingsForm(
        request.POST or None, initial={name: getattr(own, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        save_clinic_settings(clinic=own, actor=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("clinic_settings")
    context = {"form": form, "zones": USUAL_ZONES, "of_installation": settings.TIME_ZONE}
    return render(request, "clinics/settings.html", context, status=status_of(form))


@require("case.work")
@require_http_methods(["GET", "POST"])
def away(request: MemberRequest) -> HttpResponse:
    """A therapist says who stands in for them."""
    return _away_page(request, request.membership, "away")


@require("clinic.manage")
@require_http_methods(["GET", "POST"])
def person_away(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """A manager says it for a therapist, who may be ill."""
    people = people_of(request.membership.clinic)
    place = get_or_404(
        request, people, action="person.away", object_type="account", user_id=user_id
    )
    if place.role != Role.THERAPIST:
        return redirect("clinic")
    return _away_page(request, place, "clinic")


def _away_page(request: MemberRequest, place: Membership, back_to: str) -> HttpResponse:
    if request.method == "POST" and "back" in request.POST:
        end_away(membership=place, actor=request.user)
        messages.success(request, "Nobody stands in now.")
        return redirect(back_to)
    form = AwayForm(request.POST or None, membership=place)
    if request.method == "POST" and form.is_valid():
        set_away(membership=place, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['stand_in']} stands in, and is told.")
        return redirect(back_to)
    has_others = form.fields["stand_in"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "place": place, "has_others": has_others}
    return render(request, "clinics/away.html", context, status=status_of(form))
