"""Is this letter genuine? For anyone who received one; no sign-in, no patient data."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from decisions.letters.verifying import verify_pdf
from kapnet.clinics.models import User

LARGEST_BYTES = 2_000_000
TRIES = {"verify": "20/5m/ip"}
UNPROCESSABLE, TOO_MANY = 422, 429
TOO_LARGE = "This file is larger than any letter from here. Choose the PDF of one letter."
NOT_A_PDF = "This file is no PDF. Choose the PDF as you received it."
TOO_OFTEN = "Too many tries. Wait five minutes, then try again."


class VerifyForm(forms.Form):
    """The PDF as it was received."""

    pdf = forms.FileField(
        label="The PDF as you received it",
        allow_empty_file=True,
        error_messages={"required": "Choose the PDF of the letter", "invalid": NOT_A_PDF},
    )

    def clean_pdf(self) -> bytes:
        """Its bytes, not too many; a PDF by its first characters. It is never opened."""
        file = self.cleaned_data["pdf"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        received: bytes = file.read()
        if not received.startswith(b"%PDF-"):
            raise forms.ValidationError(NOT_A_PDF)
        return received


@login_not_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Compare a PDF with the letters signed here. The file is neither opened nor kept."""
    if request.method != "POST":
        return _page(request, VerifyForm())
    form = VerifyForm(request.POST, request.FILES)
    if not ratelimit.consume(request, app="letters", action="verify", config=TRIES):
        form.add_error(None, TOO_OFTEN)
        return _page(request, form, status=TOO_MANY)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    actor = request.user if isinstance(request.user, User) else None
    return _page(request, form, verify_pdf(pdf=form.cleaned_data["pdf"], actor=actor))


def _page(
    request: HttpRequest, form: VerifyForm, found: object = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "letters/verify.html", {"form": form, "found": found}, status=status)
