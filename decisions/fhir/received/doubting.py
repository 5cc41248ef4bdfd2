"""What another system says and the case says otherwise, until a clinician decides."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import speaks_against
from decisions.documents.contradictions.compared import Mismatch
from decisions.fhir.received.models import ProposedAnswer
from decisions.fhir.received.proposing import ProposedView, open_in, present_proposed
from decisions.rules.question_names import question_names
from kapnet.core.web.days import say_day


def has_proposed() -> Exists:
    """Of cases in a query: whether something that another system said waits."""
    waiting = ProposedAnswer.objects.filter(case=OuterRef("pk"), state=ProposedAnswer.State.OPEN)
    return Exists(waiting)


def statements_that_do_not_fit(file: CaseFile, among: Collection[str]) -> tuple[Mismatch, ...]:
    """Proposals that nobody decided, of these questions, where the case has another answer."""
    waiting = open_in(file.case).filter(question__in=among)
    names = question_names(file.edition.id)
    return tuple(
        Mismatch(
            f"received:{one.proposed.pk}",
            f"{names[one.proposed.question]}: the answer is “{one.now}”, "
            f"{one.proposed.received.sender_name} says “{one.proposed.said}”{_on(one)} "
            "(see what another system says).",
            (one.proposed.question,),
            (),
        )
        for one in present_proposed(file, waiting)
        if speaks_against(one)
    )


def _on(one: ProposedView) -> str:
    return f" of {say_day(one.proposed.said_on)}" if one.proposed.said_on else ""
