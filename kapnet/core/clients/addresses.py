"""The addresses that programs call, as they have to name them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

FHIR_BASE, HOOKS = "/fhir/r4", "/cds-services"


def called_address(request: HttpRequest, name: str, *args: object) -> str:
    """The whole address that a client calls, as its assertion has to name it.

    Where this installation is reached, as it was set up; else as it was called.
    """
    return whole(request, reverse(name, args=args))


def whole(request: HttpRequest, path: str) -> str:
    """The same of a path."""
    return (
        settings.SITE_ADDRESS + path if settings.SITE_ADDRESS else request.build_absolute_uri(path)
    )


def addresses_of(request: HttpRequest) -> dict[str, str]:
    """What whoever sets a program up has to know."""
    return {
        "token": called_address(request, "oauth_token"),
        "fhir": whole(request, FHIR_BASE),
        "hooks": whole(request, HOOKS),
    }
