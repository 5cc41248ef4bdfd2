"""A patient's own forms, on the clinician's side: links, the contact, and what came in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from decisions.cases.actions import AnswerConflictError
from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.form_links.actions import (
    NoLinkError,
    make_link,
    revoke_link,
    save_contact,
    why_no_link,
)
from decisions.form_links.cards import is_taken
from decisions.form_links.forms import ContactForm, LinkForm
from decisions.form_links.mailing import address_of
from decisions.form_links.models import Contact, FormLink, Proposal
from decisions.form_links.proposing import (
    DecidedAlreadyError,
    leave,
    present_proposals,
    take_over,
)
from decisions.letters.verification.codes import qr_code
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.notices.mailing import origin_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

SentAs = FormLink.SentAs


@case_page("case.work", reads="case.read")
def links(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The links of a case and what came in by them; a post makes a link."""
    if request.method != "POST":
        return _page(request, file)
    form = LinkForm(request.POST, may_mail=_may_mail(file))
    if not form.is_valid():
        return _page(request, file, form=form, status=UNPROCESSABLE)
    try:
        made = make_link(case=file.case, actor=request.user, **form.making)
    except NoLinkError as refused:
        form.add_error(None, refused.why)
        return _page(request, file, form=form, status=CONFLICT)
    return _hand_out(request, file, made.link, made.secret)


def _hand_out(request: MemberRequest, file: CaseFile, link: FormLink, secret: str) -> HttpResponse:
    """Show the address once, mail it, or open it here for the patient."""
    if link.sent_as == SentAs.MAIL:
        messages.success(request, "The mail leaves within a minute. The list below says when.")
        return redirect("form_links:links", file.case.pk)
    if link.sent_as == SentAs.DEVICE:
        logout(request)
        return redirect("patient_forms:start", secret)
    address = address_of(secret)
    if not settings.SITE_ADDRESS:
        address = origin_of(request) + address
    context = {"link": link, "address": address, "qr": qr_code(address)}
    return show(request, file, "form_links/made.html", context)


@case_page("case.work", only="POST")
def contact(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Note the address of a patient, and whether they agreed to mail."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, file, contact_form=form, status=UNPROCESSABLE)
    said = {name: form.cleaned_data[name] for name in ("email", "may_mail")}
    save_contact(case=file.case, actor=request.user, **said)
    messages.success(request, "Saved.")
    return redirect("form_links:links", file.case.pk)


@case_page("case.work", only="POST", even_closed=True)
def revoke(request: MemberRequest, file: CaseFile, link_id: UUID) -> HttpResponse:
    """Take a link back."""
    link = get_or_404(
        request,
        FormLink.objects.filter(case=file.case).select_related("case__clinic"),
        action="form_link.revoke",
        object_type="form_link",
        pk=link_id,
    )
    if revoke_link(link=link, actor=request.user, because=FormLink.Because.BY_HAND):
        messages.success(request, "Revoked. It no longer opens.")
    else:
        messages.info(request, "It had ended already.")
    return redirect("form_links:links", file.case.pk)


@case_page("case.work", only="POST")
def proposal(request: MemberRequest, file: CaseFile, proposal_id: int) -> HttpResponse:
    """Take over what the patient said to one question, or leave it."""
    found = get_or_404(
        request,
        Proposal.objects.filter(case=file.case).select_related("link"),
        action="proposal.decide",
        object_type="proposal",
        pk=proposal_id,
    )
    version = request.POST.get("version", "")
    try:
        if "take" in request.POST and version.isdecimal() and _is_taken(file, found):
            take_over(case=file.case, proposal=found, actor=request.user, version=int(version))
        elif "leave" in request.POST:
            leave(case=file.case, proposal=found, actor=request.user)
        else:
            return _page(request, file, status=UNPROCESSABLE)
    except (DecidedAlreadyError, AnswerConflictError):
        return _page(request, file, has_changed=True, status=CONFLICT)
    return redirect(reverse("form_links:links", args=[file.case.pk]) + "#said")


def _is_taken(file: CaseFile, proposal: Proposal) -> bool:
    """Whether it is one answer to a question of the edition that the case has by now."""
    value = proposal.value
    return value is not None and is_taken(file.edition, proposal.question, value)


def _may_mail(file: CaseFile) -> bool:
    contact = Contact.objects.filter(case=file.case, may_mail=Contact.MayMail.YES)
    return bool(settings.FORM_MAILS) and contact.exists()


def _page(
    request: MemberRequest,
    file: CaseFile,
    *,
    form: LinkForm | None = None,
    contact_form: ContactForm | None = None,
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    found = FormLink.objects.filter(case=file.case).select_related("made_by", "revoked_by")
    rows = list(found)
    context = {
        "form": form or LinkForm(may_mail=_may_mail(file)),
        "contact_form": contact_form
        or ContactForm(instance=Contact.objects.filter(case=file.case).first()),
        "mails": settings.FORM_MAILS,
        "why_not": why_no_link(file.case),
        "links": rows,
        "waiting": next((one for one in rows if one.waits), None),
        "proposals": list(present_proposals(file)),
        "has_changed": has_changed,
    }
    return show(request, file, "form_links/links.html", context, status=status)
