"""What becomes of a patient's answers when they send them: forms, and proposals of answers."""

from __future__ import annotations

from django.utils import timezone

from decisions.follow_up.assessments.actions import keep_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.form_links.cards import INSTRUMENTS, instrument_of, questions_of
from decisions.form_links.drafts import Draft
from decisions.form_links.models import FormLink, Proposal
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import load_edition


def keep_answers(link: FormLink, draft: Draft) -> None:
    """One form each for PHQ-9 and GAD-7, and a proposal for each other answer.

    Item 9 was heard with its page: nothing here opens a safety task.
    """
    edition = load_edition(link.edition)
    for card in link.cards:
        if card in INSTRUMENTS:
            _keep_form(link, draft, edition, card)
        else:
            _propose(link, draft, edition, card)


def _keep_form(link: FormLink, draft: Draft, edition: Edition, card: str) -> None:
    instrument = instrument_of(card, edition)
    if instrument is None or not draft.answers_to(card):
        return
    keep_assessment(
        case=link.case,
        instrument=instrument,
        scores=draft.scores_of(instrument),
        taken_on=timezone.localdate(),
        source=Assessment.Source.PATIENT_LINK,
        actor=None,
        link_id=link.pk,
    )


def _propose(link: FormLink, draft: Draft, edition: Edition, card: str) -> None:
    given = draft.answers_to(card)
    for asked in questions_of(card, edition):
        place = given.get(asked.question)
        if place is None:
            continue
        answer = asked.answers[place]
        Proposal.objects.create(
            clinic=link.clinic,
            case=link.case,
            link=link,
            question=asked.question,
            asked=asked.ask,
            said=answer.say,
            value=answer.value,
            stated_at=timezone.now(),
        )
