"""What the patient of a case signed about sharing, and where answers on substance use come from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.consents.actions import record_consent, revoke_consent, save_source
from decisions.consents.forms import ConsentForm, RevokeForm, SourceForm
from decisions.consents.queries import consents_of, source_of
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.statuses import UNPROCESSABLE

REVOKED = (
    "Nothing new leaves under it. Letters already signed stay, but the desk no longer sends them."
)


@case_page("letter.write", reads="consent.read")
def consents(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Everything about sharing for one case; a post records a signed paper."""
    if request.method != "POST":
        return _page(request, file)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form=form, status=UNPROCESSABLE)
    record_consent(case=file.case, actor=request.user, values=form.values)
    messages.success(request, "Recorded.")
    return redirect("consents:consents", file.case.pk)


@case_page("letter.write", only="POST")
def source(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """Say where the answers on substance use come from."""
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _page(request, file, source_form=form, status=UNPROCESSABLE)
    save_source(case=file.case, actor=request.user, source=form.cleaned_data["source"])
    messages.success(request, "Saved.")
    return redirect("consents:consents", file.case.pk)


@case_page("letter.write", even_closed=True)
def revoke(request: MemberRequest, file: CaseFile, consent_id: UUID) -> HttpResponse:
    """End a consent. It is asked once more, with the reason."""
    consent = get_or_404(
        request,
        consents_of(file.case),
        action="consent.revoke",
        object_type="consent",
        pk=consent_id,
    )
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke_consent(consent=consent, actor=request.user, because=form.cleaned_data["because"])
        messages.success(request, REVOKED)
        return redirect("consents:consents", file.case.pk)
    context = {"form": form, "consent": consent}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return show(request, file, "consents/revoke.html", context, status=status)


def _page(
    request: MemberRequest,
    file: CaseFile,
    *,
    form: ConsentForm | None = None,
    source_form: SourceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = source_of(file.case)
    context = {
        "form": form or ConsentForm(),
        "source_form": source_form or SourceForm(initial={"source": stored and stored.source}),
        "source": stored,
        "consents": consents_of(file.case),
    }
    return show(request, file, "consents/consents.html", context, status=status)
