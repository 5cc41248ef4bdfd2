"""What a browser may do on these pages, and which other sites may load them: next to nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOBODY = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("screen-wake-lock", "serial", "sync-xhr", "usb", "web-share", "xr-spatial-tracking"),
)
OWN_PAGES = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
"""Copying a citation, and passkeys."""
BROWSER_RIGHTS = {
    "Permissions-Policy": ", ".join(
        [*(f"{one}=()" for one in NOBODY), *(f"{one}=(self)" for one in OWN_PAGES)]
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class BrowserRightsMiddleware:
    """Puts both headers on every answer, files of the pages included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in BROWSER_RIGHTS.items():
            response.setdefault(name, value)
        return response
