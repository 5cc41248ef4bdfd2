"""One decision for people who are not signed in: a vignette of the edition, never a row."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.layers import open_layers, open_source
from decisions.cases.decision.of_case import present_case
from decisions.cases.models import Answer, Case
from decisions.cases.page_frame import act_first
from decisions.documents.words.reading import result_words
from decisions.replay.vignettes import answers_of_vignette
from decisions.rules.loading import CURRENT_EDITION
from evidence.queries import newest_stamp
from kapnet.core.accounts.policies import require

VIGNETTE = "responder-relapsed"


@require("evidence.read", also_open="OPEN_WITHOUT_SIGN_IN")
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """What a decision page says of an invented patient."""
    file = sample_file()
    context = {
        "page": present_case(file, file.endings, (), open_source(request)),
        "act_first": act_first(file),
        "open_layers": open_layers(request),
        "edition_id": file.edition.id,
        "edition_words": result_words(file.edition.id),
        "evidence_release": file.evidence.release,
    }
    return render(request, "decisions/sample.html", context)


def sample_file() -> CaseFile:
    """The vignette as a case that no database knows."""
    case, today = Case(edition=CURRENT_EDITION), timezone.localdate()
    rows = {
        name: Answer(question=name, value=raw, edition=CURRENT_EDITION, assessed_on=today)
        for name, raw in answers_of_vignette(VIGNETTE).items()
    }
    return CaseFile(case=case, rows=rows, evidence_stamp=newest_stamp())
