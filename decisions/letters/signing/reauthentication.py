"""Signing a letter asks for the password again, and needs a second factor."""

from __future__ import annotations

from django.http import HttpResponse

from decisions.letters.forms import SignForm
from kapnet.core.accounts import second_factor, signing
from kapnet.core.people.requests import MemberRequest

SET_UP_FIRST = (
    "Not signed yet: to sign letters you need a second factor. "
    "Set it up, then sign; the draft waits in its case."
)


def check_password(request: MemberRequest, form: SignForm) -> bool:
    """Whether the form holds the password of this person; if not, the form says so."""
    return signing.check_password(request, form, action="letter.sign", object_type="letter")


def lead_to_second_factor(request: MemberRequest) -> HttpResponse:
    """To the page where a second factor is set up; the draft waits."""
    return second_factor.lead_to_second_factor(request, SET_UP_FIRST)
