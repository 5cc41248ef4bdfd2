"""Composes the referral letter: from a recorded decision and facts to blocks in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.annex.annex import compose_annex
from decisions.documents.letter.blocks import Block, Letter, Paragraph, Signature, seal_of
from decisions.documents.letter.emergency import emergency_of
from decisions.documents.letter.head import (
    dated_of,
    foot_of,
    patient_of,
    recipient_of,
    request_sentence,
    sender_of,
)
from decisions.documents.letter.material import LetterMaterial
from decisions.documents.letter.options import stricter_blocks
from decisions.documents.letter.page_one.asked import asked_block, reply_address_of
from decisions.documents.letter.page_one.risk import risk_block
from decisions.documents.letter.page_one.safety import findings_block, unknown_block
from decisions.documents.letter.page_one.treatment import medicines_block, tried_block
from decisions.documents.letter.page_one.why import diagnosis_block, why_now_block
from decisions.documents.letter.phrasing import Sayings, say_date
from decisions.documents.letter.screened import usual_day
from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.edition import Edition


def compose_letter(
    *, edition: Edition, words: LetterWords, names: Mapping[str, str], material: LetterMaterial
) -> Letter:
    """The letter as it is now: a draft, or signed where the material says when.

    names: short names of questions. Missing facts are printed as "not known" or "not assessed".
    """
    sayings = Sayings(material, words, names)
    outcome, issue = material.decided.outcome, material.issue
    letter = Letter(
        number=issue.number,
        title=words.head["title"].format(number=issue.number),
        draft_mark="" if issue.signed_at else words.head["draft"],
        foot=foot_of(sayings),
        sender=sender_of(sayings),
        recipient=recipient_of(sayings),
        dated=dated_of(sayings),
        emergency=emergency_of(sayings),
        request=request_sentence(sayings),
        patient_name=material.patient.name,
        patient_details=patient_of(sayings),
        blocks=tuple(_page_one(sayings)),
        signature=Signature(line=words.signature["draft"], words=words.signature["draft_words"]),
        annex_heading=_annex_heading(sayings),
        annex=compose_annex(edition, sayings),
        edition=outcome.edition,
        edition_sha256=outcome.edition_sha256,
        evidence_release=outcome.evidence_release,
        evidence_sha256=outcome.evidence_sha256,
        signed_at=issue.signed_at,
        archival=True,
        check_address=f"{issue.check_at}?code={issue.code}" if issue.check_at else "",
        reply_address=reply_address_of(sayings),
    )
    return letter if letter.is_draft else _with_signature(letter, sayings)


def _page_one(sayings: Sayings) -> Iterator[Block]:
    """The parts of page one in the order that every reader gets."""
    yield diagnosis_block(sayings)
    yield why_now_block(sayings)
    yield risk_block(sayings)
    yield from stricter_blocks(sayings)
    yield findings_block(sayings)
    yield unknown_block(sayings)
    yield medicines_block(sayings)
    yield tried_block(sayings)
    yield _reasoning(sayings)
    yield asked_block(sayings)


def _with_signature(letter: Letter, sayings: Sayings) -> Letter:
    words, material = sayings.words.signature, sayings.material
    signature = Signature(
        line=words["signed"].format(name=material.sender.name),
        words=words["moment"].format(
            moment=material.issue.moment, seal=seal_of(letter.content_sha256)
        ),
    )
    return letter.model_copy(update={"signature": signature})


def _reasoning(sayings: Sayings) -> Block:
    text = sayings.material.plan.reasoning
    paragraphs = tuple(
        Paragraph(text=line.strip(), own_words=True) for line in text.split("\n") if line.strip()
    )
    return sayings.block(
        "reasoning", *(paragraphs or (Paragraph(text=sayings.words.reasoning_missing),))
    )


def _annex_heading(sayings: Sayings) -> str:
    """With the day of most answers: parts of the annex give only other days."""
    day = usual_day(sayings)
    said = say_date(day) if day else sayings.words.not_known
    return sayings.heading("annex").format(day=said)
