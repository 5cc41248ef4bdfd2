"""What is asked: numbered, with day and phone, one ask for each who gets the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Item
from decisions.documents.letter.copies import copies_of
from decisions.documents.letter.phrasing import Sayings, bare, end_sentence, say_date
from decisions.documents.letter.screened import printed_screens, screened
from decisions.documents.letter.sharing import folded

ADVISE = "advise"
QUESTIONS = re.compile(r"(?<=\?)\s+|\n+")
"""Where one question ends and the next begins."""


def asked_block(sayings: Sayings) -> Block:
    """Everything that is wanted of the reader, and what each copy is for."""
    asks = [*_asks(sayings)]
    items = tuple(
        one.model_copy(update={"text": f"{place}. {one.text}"})
        for place, one in enumerate(asks, start=1)
    )
    return sayings.block("asked", items=(*items, *_online(sayings)))


def reply_address_of(sayings: Sayings) -> str:
    """Where the recipient answers, with the code of this letter; empty where there is none."""
    issue = sayings.material.issue
    return f"{issue.reply_at}{issue.reply_code}/" if issue.reply_code else ""


def _online(sayings: Sayings) -> Iterator[Item]:
    """How to answer without an account; what a draft says holds the place of the code."""
    issue, page = sayings.material.issue, sayings.words.page
    if not issue.reply_at:
        return
    if not issue.reply_code:
        yield Item(text=page.sentences["reply_at_signing"])
        return
    yield Item(
        text=page.say("reply", address=bare(issue.reply_at), code=issue.reply_code),
        href=reply_address_of(sayings),
    )


def _asks(sayings: Sayings) -> Iterator[Item]:
    yield Item(text=_answer(sayings))
    questions = sayings.material.plan.questions
    for one in filter(None, map(str.strip, QUESTIONS.split(questions))):
        yield Item(text=end_sentence(one), own_words=True)
    yield from _together(sayings)
    if sayings.material.asks_for_none_now:
        yield Item(text=_next_look(sayings))
    if sayings.material.left_out:
        yield Item(text=sayings.words.asked["left_out"])
    if _has_open_items(sayings):
        yield Item(text=sayings.words.page.sentences["open_items"])
    yield from copies_in_words(sayings)


def _answer(sayings: Sayings) -> str:
    page, sender = sayings.words.page, sayings.material.sender
    phone = sender.phone or sender.secure_reply or sayings.words.not_known
    by_day, at_any = ("accept_by", "accept")
    if sayings.material.request.kind == ADVISE:
        by_day, at_any = ("advise_by", "advise_us")
    if reply_by := sayings.material.request.reply_by:
        return page.say(by_day, day=say_date(reply_by), phone=phone)
    return page.say(at_any, phone=phone)


def _together(sayings: Sayings) -> Iterator[Item]:
    """Who leads, and what each does, where two treatments are to run together."""
    plan, words, material = sayings.material.plan, sayings.words, sayings.material
    will_run = material.asks_for_two_treatments and material.request.kind != ADVISE
    if plan.coordinator_name:
        yield Item(text=_lead(sayings))
    elif will_run:
        yield Item(text=words.asked["no_lead"])
    if plan.coordinator_what:
        yield Item(text=end_sentence(sayings.fact(plan.coordinator_what)), own_words=True)
    if will_run:
        yield Item(text=words.asked["stop_rules"])


def _lead(sayings: Sayings) -> str:
    """Who leads, said to the reader or by the sender where it is one of them."""
    plan, material = sayings.material.plan, sayings.material
    names = {folded(material.recipient.name): "you_lead", folded(material.sender.name): "i_lead"}
    said = names.get(folded(plan.coordinator_name), "lead")
    return sayings.words.page.say(
        said,
        name=sayings.fact(plan.coordinator_name),
        phone=sayings.fact(plan.coordinator_phone),
    )


def _next_look(sayings: Sayings) -> str:
    plan, words = sayings.material.plan, sayings.words.asked
    if plan.next_look_on is None or not plan.next_look_by:
        return words["no_next_look"]
    return words["next_look"].format(day=say_date(plan.next_look_on), name=plan.next_look_by)


def _has_open_items(sayings: Sayings) -> bool:
    alone = (block for block in printed_screens(sayings) if block in sayings.words.alone)
    return not screened(sayings, *alone).is_whole


def copies_in_words(sayings: Sayings) -> Iterator[Item]:
    """A sentence for each who gets a copy."""
    page = sayings.words.page
    for name, purpose in copies_of(sayings.material.recipient.copies):
        what = end_sentence(purpose) if purpose else page.sentences["information"]
        yield Item(text=page.say("copy", name=name, purpose=what), own_words=bool(purpose))
