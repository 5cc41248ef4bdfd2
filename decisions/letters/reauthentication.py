"""Signing asks for the password again, and not without end."""

from __future__ import annotations

from allauth.core import ratelimit

from decisions.letters.forms import SignForm
from kapnet.audit.actions import record_refusal
from kapnet.clinics.requests import MemberRequest

WRONG = "This is not your password"
TOO_OFTEN = "Too many tries. Wait a minute, then try again"


def check_password(request: MemberRequest, form: SignForm) -> bool:
    """Whether the form holds the password of this person; if not, the form says so."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", TOO_OFTEN)
        return False
    if request.user.check_password(form.cleaned_data["password"]):
        return True
    record_refusal(request, "letter.sign", "letter", reason="wrong password")
    form.add_error("password", WRONG)
    return False
