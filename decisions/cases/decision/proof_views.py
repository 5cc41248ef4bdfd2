"""The proof report of an edition: what was proved of it, and whether that is what is in use."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from decisions.rules.loading import EditionRefused, edition_ids, load_edition
from decisions.rules.proof.reports import ReportMissing, load_sheet
from evidence.queries import current_evidence
from kapnet.core.accounts.policies import require


@require("evidence.read")
@require_GET
def proof(request: HttpRequest, edition_id: str) -> HttpResponse:
    """The sheet as it was kept, with a notice where edition or evidence have changed since."""
    if edition_id not in edition_ids():
        raise Http404(edition_id)
    try:
        edition, sheet = load_edition(edition_id), load_sheet(edition_id)
    except (EditionRefused, ReportMissing) as error:
        raise Http404(str(error)) from error
    evidence = current_evidence()
    context = {
        "sheet": sheet,
        "edition_changed": edition.sha256 != sheet.edition_sha256,
        "evidence_changed": evidence.sha256 != sheet.evidence_sha256,
        "release_now": evidence.release,
    }
    return render(request, "proof/proof.html", context)
