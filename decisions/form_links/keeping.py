"""What becomes of a patient's answers when they send them: forms, and proposals of answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from decisions.follow_up.assessments.actions import keep_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.form_links.cards import INSTRUMENTS, instrument_of, questions_of
from decisions.form_links.drafts import Draft, Said
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
            _propose(link, draft, card)


def _keep_form(link: FormLink, draft: Draft, edition: Edition, card: str) -> None:
    instrument = instrument_of(card, edition)
    if instrument is None or not draft.answers_to(card):
        return
    answered_at = draft.answered_at(card)
    keep_assessment(
        case=link.case,
        instrument=instrument,
        scores=draft.scores_of(instrument),
        taken_on=timezone.localdate(answered_at),
        authored_at=answered_at,
        source=Assessment.Source.PATIENT_LINK,
        actor=None,
        link_id=link.pk,
    )


def _propose(link: FormLink, draft: Draft, card: str) -> None:
    for question, one in draft.said_on(card).items():
        Proposal.objects.create(
            clinic=link.clinic,
            case=link.case,
            link=link,
            question=question,
            asked=one.ask,
            said=one.say,
            value=one.value,
            stated_at=draft.answered_at(card, question),
        )


def said_in(card: str, answers: Mapping[str, int], edition: Edition) -> dict[str, Said]:
    """These answers to a card of questions in the words of today: a later program may have others.

    Nothing of PHQ-9 and GAD-7, whose words do not change.
    """
    asked = () if card in INSTRUMENTS else questions_of(card, edition)
    return {
        one.question: Said(one.ask, answer.say, answer.value)
        for one in asked
        if one.question in answers
        for answer in [one.answers[answers[one.question]]]
    }
