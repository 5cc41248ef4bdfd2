"""The risk of today, and in whose care the patient is until the reader answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from decisions.documents.letter.blocks import Block, Paragraph
from decisions.documents.letter.page_one.why import is_asked
from decisions.documents.letter.phrasing import (
    Sayings,
    end_sentence,
    say_short_date,
    sentence,
)

ATTEMPT_ASSESSED = "attempt_assessed"
"""The question whether suicidal behavior was assessed since; editions that ask it say so."""


def risk_block(sayings: Sayings) -> Block:
    """Suicide risk with day and method, what was agreed, and who sees the patient meanwhile."""
    page, material = sayings.words.page, sayings.material
    paragraphs = [Paragraph(text=" ".join(_risk(sayings)))]
    if follow_up := material.follow_up:
        same_day = follow_up.closed_on == _assessed_on(sayings)
        text = page.say(
            "task" if same_day else "task_of_day",
            day=say_short_date(follow_up.closed_on),
            assessment=end_sentence(sayings.fact(follow_up.assessment)),
            agreed=end_sentence(sayings.fact(follow_up.agreed)),
        )
        paragraphs.append(Paragraph(text=text, own_words=True))
    if own := material.plan.until_answer:
        text = end_sentence(page.say("until", words=sayings.fact(own)))
        paragraphs.append(Paragraph(text=text, own_words=True))
    else:
        paragraphs.append(Paragraph(text=page.sentences["until_here"]))
    return sayings.block("safety_today", *paragraphs)


def _risk(sayings: Sayings) -> Iterator[str]:
    facts, page = sayings.material.facts, sayings.words.page
    assessed = _assessed_on(sayings)
    day = say_short_date(assessed) if assessed else sayings.words.not_known
    # An assessment in the clinician's words says how it was made.
    method = "" if sayings.material.follow_up else facts.suicide_method
    details = ", ".join(filter(None, (day, method)))
    finding = sentence(sayings.answer("suicide_risk"))
    yield page.say("risk", finding=finding, details=details)
    if is_asked(sayings, ATTEMPT_ASSESSED):
        yield page.say("attempt", assessed=sayings.answer(ATTEMPT_ASSESSED))
    if item9 := sayings.item9():
        yield item9
    for name in ("safety_plan", "means_safety"):
        if (said := getattr(facts, name)) in ("yes", "no"):
            yield page.sentences[f"{name}_{said}"]


def _assessed_on(sayings: Sayings) -> date | None:
    """The day on which suicide risk was assessed."""
    answered = sayings.material.decided.assessed_on.get("suicide_risk")
    return sayings.material.facts.suicide_assessed_on or answered
