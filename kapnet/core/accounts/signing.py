"""Signing asks for the password again, or for a code of the second factor, and not without end."""

from __future__ import annotations

from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django import forms

from kapnet.core.accounts.code_forms import ReauthenticateForm
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import SignedInRequest

WRONG = "This is neither your password nor a code of your second factor"
TOO_OFTEN = "Too many tries. Wait a minute, then try again"


def check_password(
    request: SignedInRequest, form: forms.Form, *, action: str, object_type: str
) -> bool:
    """Whether the form holds the password of this person; if not, the form says so.

    action and object_type: of the audit event of a wrong password.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", TOO_OFTEN)
        return False
    given = form.cleaned_data["password"]
    if request.user.check_password(given) or _is_code(request, given):
        return True
    record_refusal(request, action, object_type, reason="wrong password")
    form.add_error("password", WRONG)
    return False


def _is_code(request: SignedInRequest, given: str) -> bool:
    """Whether this is a code of the person's second factor that was not used before."""
    if not is_mfa_enabled(request.user):
        return False
    form = ReauthenticateForm({"code": given}, user=request.user)
    if not form.is_valid():
        return False
    form.save()
    return True
