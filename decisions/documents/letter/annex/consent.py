"""What the letter says about sharing: its basis, consent for substance use, what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Paragraph
from decisions.documents.letter.phrasing import Sayings, end_sentence, say_date
from decisions.documents.letter.sharing import Consent


def consent_block(sayings: Sayings) -> Block:
    """Why this letter may be shared, under which papers, and what it leaves out."""
    paragraphs = tuple(Paragraph(text=text) for text in _texts(sayings))
    return Block(id="consent", heading=sayings.words.headings["consent"], paragraphs=paragraphs)


def _texts(sayings: Sayings) -> Iterator[str]:
    words, material = sayings.words.annex, sayings.material
    sharing, decided = material.sharing, material.decided
    if sharing.basis == "authorization" and sharing.authorization is not None:
        yield _paper(sayings, words["basis_authorization"], sharing.authorization)
    else:
        yield words["basis_treatment" if sharing.basis == "treatment" else "basis_missing"]
    if material.left_out:
        yield words["left_out_answers"].format(questions=sayings.short_names(material.left_out))
    elif sharing.leaves_in_emergency:
        nature = end_sentence(sayings.fact(sharing.medical_emergency))
        yield words["part2_emergency"].format(words=nature)
        yield words["part2_notice"]
    elif sharing.needs_part2_consent and sharing.part2_consent is not None:
        yield _paper(sayings, words["part2"], sharing.part2_consent)
        yield words["part2_notice"]
    yield words["left_out"].format(decision=decided.number, day=say_date(decided.recorded_on))


def _paper(sayings: Sayings, text: str, paper: Consent) -> str:
    until = say_date(paper.expires_on) if paper.expires_on else paper.expires_with
    everybody = sayings.words.annex["all_who_treat"]
    return text.format(
        reference=paper.reference,
        recipient=everybody if paper.for_all_who_treat else paper.recipient,
        signed=say_date(paper.signed_on),
        until=until or sayings.words.not_known,
        scope=sayings.fact(paper.scope),
    )
