"""What was posted, to be shown or kept again."""

from __future__ import annotations

from django.http import HttpRequest

NEVER_KEPT = frozenset(
    (
        *("csrfmiddlewaretoken", "code", "credential"),
        *("password", "password1", "password2"),
        *("oldpassword", "old_password", "new_password1", "new_password2"),
        *("passphrase", "passphrase2", "public_keys"),
    )
)
"""Fields of passwords, passphrases and one-time codes, what a passkey answers, and keys: somebody
may have pasted a private one."""


def posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, without secrets: a password is typed again."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
        for value in values
        if isinstance(value, str)
    ]
