"""Is this letter genuine? For anyone who received one; no sign-in, no patient data."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from decisions.letters.verification.codes import read_code
from decisions.letters.verification.verifying import verify_code, verify_pdf
from kapnet.core.accounts.policies import require
from kapnet.core.people.models import User
from kapnet.core.web.rates import is_within
from kapnet.core.web.statuses import TOO_MANY, UNPROCESSABLE

LARGEST_BYTES = 2_000_000
TRIES = {"verify": "20/5m/ip"}
TOO_LARGE = "This file is larger than any letter from here. Choose the PDF of one letter."
NOT_A_CODE = "This is no code of a letter. It has twelve letters and digits."
NOT_A_PDF = "This file is no PDF. Choose the PDF as you received it."
TOO_OFTEN = "Too many tries. Wait five minutes, then try again."


class CodeForm(forms.Form):
    """The code as it is printed on the letter."""

    code = forms.CharField(
        label="The code on the letter",
        max_length=40,
        help_text="Twelve letters and digits, such as 4F2A-91C0-7BE3.",
        error_messages={"required": "Enter the code of the letter"},
    )

    def clean_code(self) -> str:
        """The code without what people put between its groups."""
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(NOT_A_CODE)
        return code


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


@require("letter.verify")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Look up a posted code, or compare a posted PDF. The file is neither opened nor kept.

    `?code=`, as the QR code of a letter has it, fills the code in.
    """
    if request.method != "POST":
        return _page(request, code=request.GET.get("code", ""))
    by_code = "code" in request.POST
    form = CodeForm(request.POST) if by_code else VerifyForm(request.POST, request.FILES)
    if not is_within(request, "verify", TRIES):
        form.add_error(None, TOO_OFTEN)
        return _page(request, form, status=TOO_MANY)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    actor = request.user if isinstance(request.user, User) else None
    if by_code:
        return _page(request, form, verify_code(code=form.cleaned_data["code"], actor=actor))
    return _page(request, form, verify_pdf(pdf=form.cleaned_data["pdf"], actor=actor))


def _page(
    request: HttpRequest,
    form: VerifyForm | CodeForm | None = None,
    found: object = None,
    *,
    code: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "pdf_form": form if isinstance(form, VerifyForm) else VerifyForm(),
        "code_form": form if isinstance(form, CodeForm) else CodeForm(initial={"code": code}),
        "found": found,
        "by_code": isinstance(form, CodeForm),
    }
    return render(request, "letters/verify.html", context, status=status)
