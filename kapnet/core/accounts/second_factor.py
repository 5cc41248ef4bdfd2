"""The second factor: who must have one, and how its secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.encoding import force_str

from kapnet.core.accounts.policies import EVIDENCE_ADMIN, role_of_user
from kapnet.core.people.models import Role, User

ALWAYS = frozenset({Role.MANAGER.value, EVIDENCE_ADMIN})
"""Roles that work with a second factor only, besides everybody who keeps the installation.

A therapist needs one to sign a letter.
"""
OPEN_WITHOUT = frozenset({"account.secure", "account.sign_in", "product.read"})
"""Actions that stay open until the second factor is set up."""


def must_have(user: object) -> bool:
    """Whether this person opens nothing without a second factor.

    By the person and not by the role alone: whoever may open the admin or keeps the installation
    needs one, with a role or without.
    """
    if not isinstance(user, User):
        return False
    is_powerful = user.keeps_installation or role_of_user(user) in ALWAYS
    return bool(settings.MFA_REQUIRED and is_powerful)


def is_missing_for(request: HttpRequest, action: str) -> bool:
    """Whether whoever asks has to set a second factor up before this action."""
    user = request.user
    return must_have(user) and action not in OPEN_WITHOUT and not is_mfa_enabled(user)


def is_missing_to_sign(user: User) -> bool:
    """Whether this person has to set a second factor up before signing a letter."""
    return bool(settings.MFA_REQUIRED and not is_mfa_enabled(user))


def lead_to_second_factor(request: HttpRequest, said: str) -> HttpResponse:
    """To the page where it is set up. said: what is not done yet, and what to do."""
    messages.error(request, said)
    return redirect("mfa_index")


def installation_keys() -> Iterator[Fernet]:
    """One for the key of the installation, then one for each that it had before."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = hashlib.sha256(f"second step {force_str(key)}".encode()).digest()
        yield Fernet(base64.urlsafe_b64encode(digest))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted in the database, and nobody who must have a second factor drops it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or was used before. Wait for the next one.",
        "cannot_delete_authenticator": "Your account needs the second factor. It was kept.",
    }

    def get_totp_issuer(self) -> str:
        """What the app shows beside the code."""
        return settings.PRODUCT_NAME

    def encrypt(self, text: str) -> str:
        """For the database."""
        return MultiFernet(list(installation_keys())).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """From the database."""
        return MultiFernet(list(installation_keys())).decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture as a part of the page, named for whoever cannot see it."""
        picture: str = super().build_totp_svg(url)
        svg = picture[picture.index("<svg") :]
        return svg.replace("<svg", '<svg role="img" aria-label="Picture to scan"', 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one where the role needs it."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds)
        has_another = others.exclude(pk=authenticator.pk).exists()
        return has_another or not must_have(authenticator.user)
