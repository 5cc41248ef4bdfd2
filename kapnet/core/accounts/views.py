"""Home, profile, the clinic's people."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kapnet.core.accounts import actions
from kapnet.core.accounts.actions import PersonActionRefused
from kapnet.core.accounts.forms import InvitationForm, ProfileForm, RoleForm, SignInForm
from kapnet.core.accounts.policies import EVIDENCE_ADMIN, ROLES, require
from kapnet.core.accounts.presenters import policy_rows, present_people
from kapnet.core.accounts.resume import take_kept_post
from kapnet.core.accounts.sessions import asked_by_itself, time_left
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.background.jobs import is_worker_away
from kapnet.core.notices.invitations import ASKED, invitations_of
from kapnet.core.notices.mailing import link_for, origin_of
from kapnet.core.notices.telling import mark_seen, notices_for
from kapnet.core.number_notes import notes_on
from kapnet.core.people.models import Membership, Role
from kapnet.core.people.queries import people_of
from kapnet.core.people.requests import MemberRequest, SignedInRequest
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import status_of
from kapnet.core.web.unsaved import is_too_long, keep_unsaved, read_fields, unsaved_of

LINK_TO_SHOW = "link_to_show"
FIRST_PAGE = {
    Role.THERAPIST.value: "cases:list",
    Role.STAFF.value: "desk:queue",
    Role.MANAGER.value: "clinic",
    EVIDENCE_ADMIN: "curation:home",
}


@require("product.read")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is and the sign-in form; for someone signed in, the list that fits the role."""
    if not request.user.is_authenticated:
        context = {
            "form": SignInForm(request=request),
            "is_open": settings.OPEN_WITHOUT_SIGN_IN,
        }
        return render(request, "home.html", context)
    role = getattr(request, "role", None)
    if role is None:
        return render(request, "clinics/no_clinic.html")
    return redirect(FIRST_PAGE[role])


@require("product.read")
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Who made this and who pays."""
    return render(request, "about.html")


@require("profile.edit")
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """One's own name, profession, license and how to be reached."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        clinic = request.membership.clinic if request.membership else None
        actions.save_profile(user=form.instance, clinic=clinic)
        return redirect("profile")
    written = {name: getattr(request.user, name) for name in ("license_number", "phone")}
    context = {"form": form, "notes": notes_on(written, settings.PHONE_REGION)}
    return render(request, "clinics/profile.html", context, status=status_of(form))


@require("clinic.manage")
@require_http_methods(["GET", "POST"])
def clinic(request: MemberRequest) -> HttpResponse:
    """The people of the clinic, what its managers are told, and a form to invite one more."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and actions.invited_just_now(request.membership.clinic, form.data):
        return redirect("clinic")
    if request.method == "POST" and form.is_valid():
        return _invite(request, form)
    own = request.membership.clinic
    context = {
        "form": form,
        "notices": notices_for(request.membership),
        "people": present_people(people_of(own), invitations_of(own)),
        "link_to_show": _link_to_show(request),
        "sends_mail": settings.SENDS_MAIL,
        "no_worker": settings.SENDS_MAIL and is_worker_away(),
    }
    return render(request, "clinics/clinic.html", context, status=status_of(form))


@limited("person.invite", noted_as=(ASKED,))
def _invite(request: MemberRequest, form: InvitationForm) -> HttpResponse:
    place = actions.invite_person(
        actor=request.user, clinic=request.membership.clinic, **form.cleaned_data
    )
    _ask_for_link(request, place)
    return redirect("clinic")


@require("clinic.manage")
@require_POST
def switch_person(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """Deactivate a person of the clinic, or let them back in. Not oneself."""
    place = _person(request, user_id, "person.switch")
    if place.user_id == request.user.pk:
        return redirect("clinic")
    try:
        actions.switch_person(actor=request.user, membership=place, is_active=not place.is_active)
    except PersonActionRefused as refused:
        messages.error(request, str(refused))
    return redirect("clinic")


@require("clinic.manage")
@require_http_methods(["GET", "POST"])
def change_role(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """Another role for a person of the clinic. Not for oneself."""
    place = _person(request, user_id, "person.role_change")
    if place.user_id == request.user.pk:
        return redirect("clinic")
    form = RoleForm(request.POST or None, initial={"role": place.role})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(actor=request.user, membership=place, **form.cleaned_data)
        except PersonActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{place.user.name}: {place.get_role_display()} from now on.")
        return redirect("clinic")
    context = {"form": form, "person": place}
    return render(request, "clinics/role.html", context, status=status_of(form))


@require("clinic.manage")
@require_POST
@limited("person.invite", noted_as=(ASKED,))
def new_password_link(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """One more link for someone who has not set a password yet."""
    place = _person(request, user_id, "person.password_link")
    if _waits_for_a_password(place):
        _ask_for_link(request, place)
    return redirect("clinic")


@require("clinic.manage")
@require_POST
def show_password_link(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """The link itself, for whom no mail reached: not while a mail may still be on its way."""
    place = _person(request, user_id, "person.password_link")
    invitation = invitations_of(place.clinic).get(place.user_id)
    if invitation and invitation.can_be_shown and _waits_for_a_password(place):
        _show_link(request, place)
    return redirect("clinic")


@require("account.secure")
@asked_by_itself
@require_http_methods(["GET", "POST"])
def session(request: SignedInRequest) -> HttpResponse:
    """How long the sign-in lasts; a post makes it last longer where that is possible."""
    return JsonResponse(asdict(time_left(request)))


@require("account.secure")
@asked_by_itself
@limited("unsaved.keep")
@require_http_methods(["GET", "POST"])
def unsaved(request: SignedInRequest) -> HttpResponse:
    """What its person left unsaved on a page; a post keeps it, or forgets it where it is empty.

    413 for more than is kept; what was kept before stays.
    """
    if request.method == "POST":
        page, fields = request.POST.get("page", ""), request.POST.get("fields", "")
        if is_too_long(fields):
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        keep_unsaved(request.user, page, read_fields(fields))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse({"fields": unsaved_of(request.user, request.GET.get("page", ""))})


@require("account.secure")
@require_GET
def kept_post(request: SignedInRequest) -> HttpResponse:
    """Back after the session expired during a save: send what was typed once more.

    Somebody else who signs in in the same browser gets nothing of it.
    """
    kept = take_kept_post(request)
    if kept is None or kept["person"] != str(request.user.pk):
        return redirect("home")
    return render(request, "account/kept_post.html", {"kept": kept})


@require("clinic.manage")
@require_POST
def reset_second_factor(request: MemberRequest, user_id: UUID) -> HttpResponse:
    """For someone who lost phone and recovery codes. Not for oneself."""
    place = _person(request, user_id, "person.second_step_reset")
    if place.user_id == request.user.pk:
        return redirect("clinic")
    try:
        actions.reset_second_factor(actor=request.user, membership=place)
    except PersonActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"{place.user.name} signs in with the password alone until the next set-up."
        )
    return redirect("clinic")


@require("notice.read")
@require_POST
def notices_seen(request: MemberRequest) -> HttpResponse:
    """Somebody says that they have seen what they were told."""
    mark_seen(membership=request.membership, event_ids=request.POST.getlist("event"))
    return redirect("home")


@require("policies.read")
@require_GET
def who_may_do_what(request: SignedInRequest) -> HttpResponse:
    """The table of policies in words, for every role."""
    context = {"roles": list(ROLES.values()), "rows": policy_rows()}
    return render(request, "clinics/who_may_do_what.html", context)


def _person(request: MemberRequest, user_id: UUID, action: str) -> Membership:
    people = people_of(request.membership.clinic)
    return get_or_404(request, people, action=action, object_type="account", user_id=user_id)


def _waits_for_a_password(place: Membership) -> bool:
    return place.is_active and not place.user.has_usable_password()


def _ask_for_link(request: MemberRequest, place: Membership) -> None:
    """By mail, or shown on the next page where no mail is set up."""
    try:
        actions.ask_for_link(actor=request.user, membership=place, origin=origin_of(request))
    except PersonActionRefused as refused:
        messages.error(request, str(refused))
        return
    if settings.SENDS_MAIL:
        messages.success(request, f"A mail with a link goes to {place.user.email}.")
    else:
        _show_link(request, place)


def _show_link(request: MemberRequest, place: Membership) -> None:
    try:
        actions.show_link(actor=request.user, membership=place)
    except PersonActionRefused as refused:
        messages.error(request, str(refused))
    else:
        request.session[LINK_TO_SHOW] = str(place.user_id)


def _link_to_show(request: MemberRequest) -> dict[str, str] | None:
    """Made when it is shown, once: no session holds it."""
    user_id = request.session.pop(LINK_TO_SHOW, None)
    place = people_of(request.membership.clinic).filter(user=user_id).first() if user_id else None
    if place is None or not _waits_for_a_password(place):
        return None
    return {"name": place.user.name, "link": link_for(place.user, origin_of(request))}
