"""The directory: find a colleague, keep their sites, verify what letters rely on."""

from __future__ import annotations

from copy import copy
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.directory import actions
from kapnet.core.directory.actions import EntryChangedError
from kapnet.core.directory.forms import ColleagueForm, SeenForm, SiteForm
from kapnet.core.directory.models import Colleague, Part, Site
from kapnet.core.directory.queries import colleagues, search_colleagues, sites_with_context
from kapnet.core.number_notes import notes_on
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.searched_words import searched_words
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

COLLEAGUES_A_PAGE = 25
CHANGED = "Someone has changed this entry since. Nothing was verified. Check it again."


@require("directory.read")
@require_GET
def directory(request: MemberRequest) -> HttpResponse:
    """Colleagues of this clinic by name; `?q=` searches them, `?part=` leaves one part."""
    words, part = searched_words(request.GET), request.GET.get("part", "")
    found = search_colleagues(words, part=part)
    context = {
        "page": Paginator(found, COLLEAGUES_A_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "part": part,
        "parts": Part.choices,
        "may_keep": may(request.role, "directory.keep"),
    }
    return render(request, "directory/list.html", context)


@require("directory.read")
@require_GET
def colleague(request: MemberRequest, colleague_id: UUID) -> HttpResponse:
    """One colleague with all sites."""
    stored = _colleague(request, colleague_id)
    context = {
        "colleague": stored,
        "notes": notes_on({"license_number": stored.license_number}, settings.PHONE_REGION),
        "sites": [(one, _notes_on(one)) for one in stored.sites.all()],
        "may_keep": may(request.role, "directory.keep"),
    }
    return render(request, "directory/colleague.html", context)


@require("directory.keep")
@require_http_methods(["GET", "POST"])
def new_colleague(request: MemberRequest) -> HttpResponse:
    """Add a colleague; the first site comes next."""
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form_page(request, form, None, None)
    added = actions.add_colleague(
        clinic=request.membership.clinic, actor=request.user, values=form.values
    )
    return redirect("directory:new_site", added.pk)


@require("directory.keep")
@require_http_methods(["GET", "POST"])
def edit_colleague(request: MemberRequest, colleague_id: UUID) -> HttpResponse:
    """Change what is said of a colleague."""
    stored = _colleague(request, colleague_id)
    form = ColleagueForm(request.POST or None, instance=copy(stored))
    if not form.is_valid():
        return _form_page(request, form, stored, None)
    try:
        actions.save_colleague(
            colleague=stored, actor=request.user, values=form.values, saved_at=form.seen_at
        )
    except EntryChangedError:
        return _form_page(request, form, stored, None, has_changed=True)
    return redirect("directory:colleague", stored.pk)


@require("directory.keep")
@require_http_methods(["GET", "POST"])
def new_site(request: MemberRequest, colleague_id: UUID) -> HttpResponse:
    """Add a place at which a colleague is reached."""
    stored = _colleague(request, colleague_id)
    form = SiteForm(request.POST or None)
    if not form.is_valid():
        return _form_page(request, form, stored, None)
    actions.add_site(colleague=stored, actor=request.user, values=form.values)
    return redirect("directory:colleague", stored.pk)


@require("directory.keep")
@require_http_methods(["GET", "POST"])
def edit_site(request: MemberRequest, colleague_id: UUID, site_id: UUID) -> HttpResponse:
    """Change the details of a site."""
    stored = _site(request, colleague_id, site_id)
    form = SiteForm(request.POST or None, instance=copy(stored))
    if not form.is_valid():
        return _form_page(request, form, stored.colleague, stored)
    try:
        actions.save_site(
            site=stored, actor=request.user, values=form.values, saved_at=form.seen_at
        )
    except EntryChangedError:
        return _form_page(request, form, stored.colleague, stored, has_changed=True)
    return redirect("directory:colleague", colleague_id)


@require("directory.keep")
@require_POST
def verify_site(request: MemberRequest, colleague_id: UUID, site_id: UUID) -> HttpResponse:
    """Somebody checked the details of a site, as the page showed them."""
    stored = _site(request, colleague_id, site_id)
    seen_at = SeenForm(request.POST).seen_at
    try:
        actions.verify_site(site=stored, actor=request.user, saved_at=seen_at)
    except EntryChangedError:
        messages.error(request, CHANGED)
    return _to(colleague_id)


@require("directory.keep")
@require_POST
def switch_colleague(request: MemberRequest, colleague_id: UUID) -> HttpResponse:
    """Deactivate a colleague, or list them again, as the button said."""
    stored = _colleague(request, colleague_id)
    is_active = request.POST.get("to") == "active"
    actions.switch_colleague(colleague=stored, actor=request.user, is_active=is_active)
    return _to(colleague_id)


@require("directory.keep")
@require_POST
def switch_site(request: MemberRequest, colleague_id: UUID, site_id: UUID) -> HttpResponse:
    """Deactivate a site, or list it again, as the button said."""
    stored = _site(request, colleague_id, site_id)
    is_active = request.POST.get("to") == "active"
    actions.switch_site(site=stored, actor=request.user, is_active=is_active)
    return _to(colleague_id)


def _colleague(request: MemberRequest, colleague_id: UUID) -> Colleague:
    return get_or_404(
        request, colleagues(), action="directory.read", object_type="directory", id=colleague_id
    )


def _site(request: MemberRequest, colleague_id: UUID, site_id: UUID) -> Site:
    sites = sites_with_context().filter(colleague_id=colleague_id)
    return get_or_404(request, sites, action="directory.read", object_type="directory", id=site_id)


def _notes_on(site: Site) -> list[str]:
    return notes_on({"phone": site.phone}, settings.PHONE_REGION)


def _to(colleague_id: UUID) -> HttpResponseRedirect:
    return redirect("directory:colleague", colleague_id)


def _form_page(
    request: MemberRequest,
    form: ColleagueForm | SiteForm,
    stored: Colleague | None,
    site: Site | None,
    *,
    has_changed: bool = False,
) -> HttpResponse:
    status = CONFLICT if has_changed else UNPROCESSABLE if form.is_bound else 200
    is_site = isinstance(form, SiteForm)
    context = {"form": form, "colleague": stored, "site": site, "is_site": is_site}
    context["has_changed"] = has_changed
    return render(request, "directory/form.html", context, status=status)
