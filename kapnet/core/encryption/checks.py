"""Checks of the keys (ids at_rest.E...)."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from kapnet.core.encryption.keys import DataKeyProblem, keyring


@register
def keys_are_keys(app_configs: object, **kwargs: object) -> Sequence[CheckMessage]:
    """A key that is named has to be one."""
    return problems_of_keys() if settings.DATA_KEYS else []


@register(deploy=True)
def keys_are_there(app_configs: object, **kwargs: object) -> Sequence[CheckMessage]:
    """Without a key no patient can be stored or read; the server does not start either."""
    return [] if settings.DATA_KEYS else problems_of_keys()


def problems_of_keys() -> list[CheckMessage]:
    """What is wrong with DATA_KEYS."""
    try:
        keyring()
    except DataKeyProblem as problem:
        return [Error(str(problem), id="at_rest.E001")]
    return []
