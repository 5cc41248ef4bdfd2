"""Composes the referral letter: from a recorded decision and facts to blocks in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.annex import compose_annex, screen_of
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
from decisions.documents.letter.options import options_block, uncertain_block
from decisions.documents.letter.phrasing import Sayings, Sources, end_sentence, say_date
from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.answers_in_words import AnswerState
from decisions.rules.engine.edition import Edition

ATTEMPT_ASSESSED = "attempt_assessed"
"""The question whether suicidal behavior was assessed since; editions that ask it say so."""


def compose_letter(
    *, edition: Edition, words: LetterWords, names: Mapping[str, str], material: LetterMaterial
) -> Letter:
    """The letter as it stands now: a draft, or signed where the material says when.

    names: short names of questions. Missing facts are printed as "not known" or "not assessed".
    """
    sayings, sources = Sayings(material, words, names), Sources()
    blocks = (
        _why_now(sayings),
        _safety_today(sayings),
        _reasoning(sayings),
        options_block(sayings, sources),
        uncertain_block(sayings),
        _asked(sayings),
    )
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
        blocks=blocks,
        signature=Signature(line=words.signature["draft"], words=words.signature["draft_words"]),
        annex_heading=words.headings["annex"],
        annex=compose_annex(edition, sayings, sources),
        edition=outcome.edition,
        edition_sha256=outcome.edition_sha256,
        evidence_release=outcome.evidence_release,
        evidence_sha256=outcome.evidence_sha256,
        signed_at=issue.signed_at,
        check_address=f"{issue.check_at}?code={issue.code}" if issue.check_at else "",
    )
    return letter if letter.is_draft else _with_signature(letter, sayings)


def _with_signature(letter: Letter, sayings: Sayings) -> Letter:
    words, material = sayings.words.signature, sayings.material
    signature = Signature(
        line=words["signed"].format(name=material.sender.name),
        words=words["moment"].format(
            moment=material.issue.moment, seal=seal_of(letter.content_sha256)
        ),
    )
    return letter.model_copy(update={"signature": signature})


def _why_now(sayings: Sayings) -> Block:
    facts, words = sayings.material.facts, sayings.words.why_now
    known = sayings.fact
    sentences = [
        words["diagnosis"].format(
            diagnosis=sayings.answer("diagnosis"),
            code=known(facts.diagnosis_code),
            specifier=known(facts.specifier),
            since=known(facts.episode_start),
            source=known(facts.diagnosis_by),
        ),
        words["score"].format(
            scale=sayings.names["phq9"], score=sayings.answer("phq9"), day=sayings.day("phq9")
        ),
        _tms_in_short(sayings),
        words["trials"].format(
            trials=sayings.answer("antidepressant_trials"),
            ketamine=sayings.answer("ketamine_history"),
            ect=sayings.answer("ect_history"),
        ),
        words["speed"].format(
            speed=sayings.answer("speed_needed"), preference=sayings.answer("preference")
        ),
    ]
    return _block(sayings, "why_now", (Paragraph(text=" ".join(sentences)),))


def _tms_in_short(sayings: Sayings) -> str:
    words, courses = sayings.words.why_now, sayings.answer("tms_courses")
    if sayings.material.decided.outcome.first_course:
        return words["no_tms"]
    if "tms_courses" not in sayings.material.decided.answers:
        return words["tms_not_known"].format(courses=courses)
    return words["tms"].format(
        courses=courses,
        best=sayings.answer("tms_best_response"),
        months=sayings.answer("tms_benefit_months"),
        now=sayings.answer("tms_now"),
    )


def _safety_today(sayings: Sayings) -> Block:
    material, words = sayings.material, sayings.words.safety
    paragraphs = [Paragraph(text=" ".join(_risk(sayings)))]
    if follow_up := material.follow_up:
        text = words["task"].format(
            day=say_date(follow_up.closed_on),
            assessment=end_sentence(sayings.fact(follow_up.assessment)),
            agreed=end_sentence(sayings.fact(follow_up.agreed)),
        )
        paragraphs.append(Paragraph(text=text, own_words=True))
    return _block(sayings, "safety_today", tuple(paragraphs))


def _risk(sayings: Sayings) -> Iterator[str]:
    facts, words = sayings.material.facts, sayings.words.safety
    day = facts.suicide_assessed_on
    item9 = sayings.item9()
    yield words["risk"].format(
        day=say_date(day) if day else sayings.day("suicide_risk"),
        method=sayings.fact(facts.suicide_method),
        finding=sayings.answer("suicide_risk"),
    )
    if "attempt" in words and sayings.state(ATTEMPT_ASSESSED) is not AnswerState.NOT_ASKED:
        yield words["attempt"].format(assessed=sayings.answer(ATTEMPT_ASSESSED))
    yield words["item9"].format(
        item9=sayings.words.not_known if item9 is None else item9, day=sayings.day("phq9")
    )
    yield words["plans"].format(
        plan=sayings.yes_no(facts.safety_plan), means=sayings.yes_no(facts.means_safety)
    )
    yield words["psychosis"].format(
        psychosis=sayings.answer("psychosis"),
        mania=sayings.answer("mania_now"),
        catatonia=sayings.answer("life_threatening"),
    )


def _reasoning(sayings: Sayings) -> Block:
    text = sayings.material.plan.reasoning
    paragraphs = tuple(
        Paragraph(text=line.strip(), own_words=True) for line in text.split("\n") if line.strip()
    )
    return _block(
        sayings, "reasoning", paragraphs or (Paragraph(text=sayings.words.reasoning_missing),)
    )


def _asked(sayings: Sayings) -> Block:
    material, words = sayings.material, sayings.words.asked
    plan, known = material.plan, sayings.fact
    paragraphs = [Paragraph(text=words["reply"])]
    if plan.questions:
        asked = words["questions"].format(questions=end_sentence(known(plan.questions)))
        paragraphs.append(Paragraph(text=asked, own_words=True))
    if material.asks_for_none_now:
        paragraphs.append(Paragraph(text=_next_look(sayings), strong=True))
    if plan.coordinator_name:
        lead = words["lead"].format(
            name=known(plan.coordinator_name), phone=known(plan.coordinator_phone)
        )
        paragraphs.append(Paragraph(text=lead, strong=True))
    elif material.asks_for_two_treatments:
        paragraphs.append(Paragraph(text=words["no_lead"], strong=True))
    if plan.coordinator_what:
        text = end_sentence(known(plan.coordinator_what))
        paragraphs.append(Paragraph(text=text, own_words=True))
    if material.asks_for_two_treatments:
        paragraphs.append(Paragraph(text=words["see_coordination"]))
    if material.left_out:
        paragraphs.append(Paragraph(text=words["left_out"], strong=True))
    if _has_open_items(sayings):
        paragraphs.append(Paragraph(text=words["open_items"]))
    return _block(sayings, "asked", tuple(paragraphs))


def _next_look(sayings: Sayings) -> str:
    plan, words = sayings.material.plan, sayings.words.asked
    if plan.next_look_on is None or not plan.next_look_by:
        return words["no_next_look"]
    return words["next_look"].format(day=say_date(plan.next_look_on), name=plan.next_look_by)


def _has_open_items(sayings: Sayings) -> bool:
    printed = sayings.words.annex_of[sayings.material.reader]
    screens = [screen_of(sayings, screen) for screen in sayings.words.alone if screen in printed]
    unsaid = (sayings.words.not_known, sayings.words.not_assessed)
    return any(sayings.answer(question) in unsaid for screen in screens for question in screen)


def _block(sayings: Sayings, block_id: str, paragraphs: tuple[Paragraph, ...]) -> Block:
    return Block(id=block_id, heading=sayings.words.headings[block_id], paragraphs=paragraphs)
