"""The annex: every fact behind the request, each once, in parts that its reader needs."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.annex.consent import consent_block
from decisions.documents.letter.annex.history import (
    medicines_table_block,
    others_block,
    tms_block,
    trials_blocks,
)
from decisions.documents.letter.annex.scores import scores_block
from decisions.documents.letter.annex.sources import sources_block
from decisions.documents.letter.blocks import Block, Paragraph
from decisions.documents.letter.options import options_block, uncertain_block
from decisions.documents.letter.page_one.safety import says_all_unknown
from decisions.documents.letter.page_one.treatment import (
    allergies_in_words,
    antidepressant_in_words,
)
from decisions.documents.letter.phrasing import Sayings, Sources, end_sentence, say_date, sentence
from decisions.documents.letter.screened import say_found, screen_of, screened
from decisions.rules.engine.edition import Edition


def compose_annex(edition: Edition, sayings: Sayings) -> tuple[Block, ...]:
    """The blocks of the annex in the order of its reader."""
    sources = Sources()
    every = (
        _patient(sayings),
        scores_block(edition, sayings),
        tms_block(sayings),
        *trials_blocks(sayings),
        *others_block(sayings),
        *medicines_table_block(sayings),
        _medical(sayings),
        *(_screen(sayings, one) for one in ("tms_safety", "ketamine_safety", "psychiatric")),
        _wishes(sayings),
        consent_block(sayings),
        *([_coordination(sayings)] if sayings.material.asks_for_two_treatments else []),
        *([plan] if (plan := sayings.material.printed_plan) else []),
        *_insurer(sayings),
        options_block(sayings, sources),
        uncertain_block(sayings, are_facts_said=says_all_unknown(sayings)),
        sources_block(sayings, sources),
    )
    order = sayings.words.annex_of[sayings.material.reader]
    needed = [block for block in every if block.id in order]
    return tuple(sorted(needed, key=lambda block: order.index(block.id)))


def _screen(sayings: Sayings, block_id: str) -> Block:
    """A screen: findings first, then what is open, then everything in which nothing was found."""
    found, page = screened(sayings, block_id), sayings.words.page
    said = [Paragraph(text=_line(one), strong=True) for one in say_found(sayings, found)]
    lines = []
    for name, names in (
        ("screen_unknown", found.not_known),
        ("screen_open", found.not_assessed),
    ):
        if names:
            lines.append(page.say(name, names="; ".join(names)))
    lines += sayings.left(screen_of(sayings, block_id))
    if found.left_out:
        lines.append(page.say("left_out", names="; ".join(found.left_out)))
    if found.clear:
        lines.append(page.say("screen_clear", names="; ".join(found.clear)))
    if found.in_place:
        lines.append(page.say("screen_in_place", names="; ".join(found.in_place)))
    said += [Paragraph(text=_line(one)) for one in lines]
    return sayings.block(block_id, *said)


def _line(text: str) -> str:
    return sentence(end_sentence(text))


def _listed(sayings: Sayings, block_id: str, texts: dict[str, str]) -> Block:
    """One sentence for each fact that is known, and one for all that are not."""
    page = sayings.words.page
    said = [text for text in texts.values() if text]
    unknown = [page.unknown_names[name] for name, text in texts.items() if not text]
    if unknown:
        said.append(page.say("not_known_list", names="; ".join(unknown)))
    return sayings.block(block_id, *(Paragraph(text=end_sentence(one)) for one in said))


def _fact(sayings: Sayings, sentence: str, text: str) -> str:
    words = {**sayings.words.annex, **sayings.words.page.sentences}
    return words[sentence].format(words=sayings.fact(text)) if text else ""


def _patient(sayings: Sayings) -> Block:
    facts = sayings.material.facts
    return _listed(
        sayings,
        "patient",
        {
            "diagnosis_by": _fact(sayings, "by", facts.diagnosis_by),
            "sex": sayings.words.page.say("sex", words=facts.sex) if facts.sex else "",
            "address": _fact(sayings, "address", facts.address),
            **_contact(sayings),
            "emergency_contact": _fact(sayings, "emergency", facts.emergency_contact),
            "language": _fact(sayings, "language", facts.language),
            "accessibility": _fact(sayings, "accessibility", facts.accessibility),
        },
    )


def _contact(sayings: Sayings) -> dict[str, str]:
    """That nobody knows how to reach the patient: what is known is on page one."""
    return {} if sayings.material.facts.patient_contact else {"patient_contact": ""}


def _medical(sayings: Sayings) -> Block:
    """Results, allergies, and what the questionnaire asked of medicines."""
    facts, words = sayings.material.facts, sayings.words
    said = [
        allergies_in_words(sayings),
        _fact(sayings, "medical", facts.medical)
        or words.page.say("not_known_list", names=words.page.unknown_names["medical"]),
        *_classes(sayings),
        *antidepressant_in_words(sayings),
    ]
    said += [_fact(sayings, "other", facts.other)] if facts.other else []
    return sayings.block("medical", *(Paragraph(text=end_sentence(one)) for one in said))


def _classes(sayings: Sayings) -> Iterator[str]:
    """Which of the medicine classes that the questionnaire asks about are taken."""
    page = sayings.words.page
    said = "classes" if sayings.material.decided.answers.get("medicines") else "no_classes"
    said = said if sayings.is_answered("medicines") else "classes_unanswered"
    yield page.say(said, words=sayings.answer("medicines"))


def _wishes(sayings: Sayings) -> Block:
    """What the patient hopes for, was told and was given to read (L-15)."""
    facts, words = sayings.material.facts, sayings.words.annex
    given = facts.sheet_given
    if given and facts.sheet_given_on is not None:
        given = words["sheet_on"].format(words=given, day=say_date(facts.sheet_given_on))
    return _listed(
        sayings,
        "wishes",
        {
            "goals": _fact(sayings, "goals", facts.goals),
            "told": _fact(sayings, "told", facts.told),
            "sheet_given": _fact(sayings, "sheet", given),
        },
    )


def _coordination(sayings: Sayings) -> Block:
    words = sayings.words.asked
    return sayings.block("coordination", Paragraph(text=f"{words['tells']} {words['stop_rules']}"))


def _insurer(sayings: Sayings) -> Iterator[Block]:
    """What an insurer is told besides what page one says of payer, member and product."""
    facts = sayings.material.facts
    if facts.payer or facts.member_number or facts.product:
        criteria = sayings.words.page.sentences["criteria"]
        yield sayings.block("insurer", Paragraph(text=criteria))
