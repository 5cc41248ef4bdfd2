"""What the reader of a letter has to do before all else: it stands in a box above the request."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Paragraph
from decisions.documents.letter.phrasing import Sayings, end_sentence
from decisions.documents.letter.screened import PRESSURE, pressure_of
from decisions.rules.engine.outcomes import Finding

SCALE_WITH_ITEM9 = "phq9"


def emergency_of(sayings: Sayings) -> tuple[Paragraph, ...]:
    """Each act-first sentence with what was measured, then what was done; nothing without one."""
    material, words = sayings.material, sayings.words.safety
    paragraphs = []
    for one in material.act_first:
        said = words["act_first"].format(because=one.because + sayings.ended(one.rests_on))
        text = " ".join((said, *_values(sayings, one)))
        paragraphs.append(Paragraph(text=text, strong=True))
    if paragraphs:
        done = words["done"].format(done=sayings.fact(material.plan.act_first_done))
        paragraphs.append(Paragraph(text=end_sentence(done), own_words=True))
    return tuple(paragraphs)


def _values(sayings: Sayings, one: Finding) -> tuple[str, ...]:
    """The answers that a sentence rests on, as recorded, or else as they are today."""
    recorded = {finding.because for finding in sayings.material.decided.outcome.urgent}
    if one.because in recorded:
        return tuple(_measured(sayings, one.questions))
    return tuple(sayings.material.measured_now.get(one.because, ()))


def _measured(sayings: Sayings, questions: tuple[str, ...]) -> Iterator[str]:
    """Each answer with its day; of the questionnaire about depression the item alone as well."""
    days = {sayings.material.decided.assessed_on.get(one) for one in PRESSURE}
    is_one = set(PRESSURE) <= set(questions) and len(days) == 1
    pressure = pressure_of(sayings) if is_one else ""
    if pressure:
        yield end_sentence(pressure)
    for question in questions:
        if pressure and question in PRESSURE:
            continue
        if question in sayings.material.decided.assessed_on:
            yield sayings.words.why_now["score"].format(
                scale=f"{sayings.names[question]}:",
                score=sayings.answer(question),
                day=sayings.short_day(question),
            )
        if question == SCALE_WITH_ITEM9 and (item9 := sayings.item9()):
            yield item9
