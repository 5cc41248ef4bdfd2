"""Signing asks for the password again, or for a code of the second step, and not without end."""

from __future__ import annotations

from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.letters.forms import SignForm
from kapnet.core.accounts.code_forms import ReauthenticateForm
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest

WRONG = "This is neither your password nor a code of your second step"
SET_UP_FIRST = (
    "Not signed yet: whoever signs letters needs a second step of signing in. "
    "Set it up, then sign; the draft waits in its case."
)
TOO_OFTEN = "Too many tries. Wait a minute, then try again"


def check_password(request: MemberRequest, form: SignForm) -> bool:
    """Whether the form holds the password of this person; if not, the form says so."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", TOO_OFTEN)
        return False
    given = form.cleaned_data["password"]
    if request.user.check_password(given) or _is_code(request, given):
        return True
    record_refusal(request, "letter.sign", "letter", reason="wrong password")
    form.add_error("password", WRONG)
    return False


def lead_to_second_step(request: MemberRequest) -> HttpResponse:
    """To the page where a second step is set up; the draft waits."""
    messages.error(request, SET_UP_FIRST)
    return redirect("mfa_index")


def _is_code(request: MemberRequest, given: str) -> bool:
    """Whether this is a code of the person's second step that was not used before."""
    if not is_mfa_enabled(request.user):
        return False
    form = ReauthenticateForm({"code": given}, user=request.user)
    if not form.is_valid():
        return False
    form.save()
    return True
