"""What a patient said by a link and the case says otherwise, until a clinician decides."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import speaks_against
from decisions.documents.contradictions.compared import Mismatch
from decisions.form_links.models import Proposal
from decisions.form_links.proposing import (
    open_proposals_of,
    present_proposals,
)
from decisions.rules.question_names import question_names
from kapnet.core.web.days import say_day_of


def has_proposals() -> Exists:
    """Of cases in a query: whether something that the patient said waits."""
    return Exists(Proposal.objects.filter(case=OuterRef("pk"), state=Proposal.State.OPEN))


def statements_that_do_not_fit(file: CaseFile, among: Collection[str]) -> tuple[Mismatch, ...]:
    """Proposals that nobody decided, of these questions, where the case has another answer."""
    waiting = open_proposals_of(file.case).filter(question__in=among)
    names = question_names(file.edition.id)
    return tuple(
        Mismatch(
            f"statement:{one.proposal.question}",
            f"{names[one.proposal.question]}: the answer is “{one.now}”, the patient said by link "
            f"“{one.proposal.said}” on {say_day_of(one.proposal.stated_at)} "
            "(see the patient’s own forms).",
            (one.proposal.question,),
            (),
        )
        for one in present_proposals(file, waiting)
        if speaks_against(one)
    )
