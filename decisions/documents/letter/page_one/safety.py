"""What the safety screens found, what a specialist settles first, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Paragraph
from decisions.documents.letter.not_known import facts_not_known, said_not_known
from decisions.documents.letter.options import asked_options
from decisions.documents.letter.page_one.cutting import FEW_LEFT, MOST_UNKNOWN, cut
from decisions.documents.letter.phrasing import Sayings, end_sentence, sentence
from decisions.documents.letter.screened import (
    Screened,
    printed_screens,
    say_found,
    screened,
)
from decisions.rules.engine.rules import OptionId


def _whole_screen(sayings: Sayings) -> Screened:
    """Every item of every screen that this reader's annex has, each once."""
    return screened(sayings, *printed_screens(sayings))


def findings_block(sayings: Sayings) -> Block:
    """Findings one by one, how many items had none, and what has to be settled first."""
    return sayings.block("findings", Paragraph(text=" ".join(_findings(sayings))))


def _findings(sayings: Sayings) -> Iterator[str]:
    page, found = sayings.words.page, _whole_screen(sayings)
    if said := [*say_found(sayings, found)]:
        yield sentence(end_sentence("; ".join(said)))
    if count := len(found.clear):
        yield page.say("others_clear" if said else "all_clear", count=count)
    if found.left_out:
        yield page.say("left_out", names="; ".join(found.left_out))
    asked = asked_options(sayings)
    # For both, its own outcome holds the reviews of its halves.
    named = asked if len(asked) == 1 else [one for one in asked if one.option is OptionId.BOTH]
    option = sayings.material.request.option
    reviews = [review for one in named for review in one.reviews]
    if reviews and option in set(OptionId):
        yield page.say("reviews", reasons=sayings.phrases(reviews))
    if sayings.material.asks_for_two_treatments:
        yield page.sentences["unproven"]


def unknown_block(sayings: Sayings) -> Block:
    """Everything that was asked and is not known, in one list; and what was left to whom."""
    return sayings.block("unknown", Paragraph(text=" ".join(_unknown(sayings))))


def _unknown(sayings: Sayings) -> Iterator[str]:
    page, found = sayings.words.page, _whole_screen(sayings)
    unknown = _names_not_known(sayings, found)
    if unknown:
        yield sentence(end_sentence(cut(sayings, unknown, MOST_UNKNOWN)))
    for reader, left in found.left.items():
        yield page.say(
            "left",
            recipient=reader,
            names=cut(sayings, left, FEW_LEFT if len(left) <= FEW_LEFT else 1),
        )
    if not (unknown or found.left):
        is_whole = not sayings.material.left_out
        yield page.sentences["nothing_unknown" if is_whole else "nothing_else_unknown"]


def _names_not_known(sayings: Sayings, found: Screened) -> list[str]:
    names = [*_that_matter(sayings), *found.not_known, *found.not_assessed]
    names += [*facts_not_known(sayings), *_facts_of_page_one(sayings), *said_not_known(sayings)]
    return list(dict.fromkeys(names))


def says_all_unknown(sayings: Sayings) -> bool:
    """Whether page one names everything that is not known."""
    return len(_names_not_known(sayings, _whole_screen(sayings))) <= MOST_UNKNOWN


def _that_matter(sayings: Sayings) -> Iterator[str]:
    """What would change what the rules say of the option asked for."""
    waits = [
        question
        for option in asked_options(sayings)
        for one in option.pending
        for question in one.waits_for
    ]
    out = sayings.material.left_out
    for question in sayings.names:
        if question in waits and question not in out and not sayings.is_left(question):
            yield sayings.name(question)


def _facts_of_page_one(sayings: Sayings) -> Iterator[str]:
    names, facts = sayings.words.page.unknown_names, sayings.material.facts
    for field in ("safety_plan", "means_safety"):
        if getattr(facts, field) not in ("yes", "no"):
            yield names[field]
    if not facts.sex:
        yield names["sex"]
