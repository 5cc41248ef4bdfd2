"""Writing the secrets of second factors again after the key of the installation has changed."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken, MultiFernet
from django.db import transaction

from kapnet.core.accounts.second_factor import installation_keys

SECRETS = ("secret", "seed")
"""Of an authenticator app, and of recovery codes. A passkey keeps no secret here."""


def renew_second_factors() -> int:
    """Put every secret under the newest key; how many were not. Running it again changes nothing.

    Raises InvalidToken for a secret that none of the keys opens; what was done before stays done.
    """
    every = Authenticator.objects.order_by("pk").values_list("pk", flat=True)
    return sum(_renew(pk) for pk in list(every))


@transaction.atomic
def _renew(pk: int) -> int:
    """With the row held, so that a code that is used meanwhile stays used."""
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    data = row.data if row else {}
    old = [name for name in SECRETS if name in data and not _is_new(data[name])]
    if row and old:
        keys = MultiFernet(list(installation_keys()))
        row.data = {**data, **{name: keys.rotate(data[name]).decode() for name in old}}
        row.save(update_fields=["data"])
    return len(old)


def _is_new(secret: str) -> bool:
    try:
        next(installation_keys()).decrypt(secret)
    except InvalidToken:
        return False
    return True
