"""A page of a patient's form: what is asked, what may be answered, what was answered just now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from decisions.form_links.cards import instrument_of, load_cards, questions_of
from decisions.form_links.drafts import Draft
from decisions.form_links.models import FormLink
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.instruments import Instrument


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked."""

    value: int
    words: str
    is_picked: bool


@dataclass(frozen=True)
class Asked:
    """One question. is_safety: it asks about death and self-harm."""

    name: str
    words: str
    help: str
    choices: tuple[Choice, ...]
    is_safety: bool = False


@dataclass(frozen=True)
class FormPage:
    """One card. at and of: which page it is. back: the card before, empty on the first.

    attribution: of an instrument; it may not be shown without.
    """

    card: str
    title: str
    lead: str
    questions: tuple[Asked, ...]
    attribution: str
    at: int
    of: int
    back: str

    @property
    def asks_about_death(self) -> bool:
        """Whether one of its questions does: where to turn comes before them."""
        return any(one.is_safety for one in self.questions)


def page_of(link: FormLink, card: str) -> FormPage:
    """The page of one card of this link."""
    edition, place = load_edition(link.edition), link.cards.index(card)
    picked = Draft(link.draft).shown_to(card, since=link.held_from)
    instrument = instrument_of(card, edition)
    words = None if instrument else load_cards()[card]
    return FormPage(
        card=card,
        title=words.title if words else instrument.stem if instrument else "",
        lead=words.lead if words else "",
        questions=_items(instrument, picked) if instrument else _questions(link, card, picked),
        attribution=instrument.attribution if instrument else "",
        at=place + 1,
        of=len(link.cards),
        back=link.cards[place - 1] if place else "",
    )


def _items(instrument: Instrument, picked: Mapping[str, int]) -> tuple[Asked, ...]:
    answers = {one.value: one.text for one in instrument.options}
    return tuple(
        Asked(
            name=f"item{one.n}",
            words=one.text,
            help="",
            choices=_choices(answers, picked.get(f"item{one.n}")),
            is_safety=one.safety_item,
        )
        for one in instrument.items
    )


def _questions(link: FormLink, card: str, picked: Mapping[str, int]) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            name=one.question,
            words=one.ask,
            help=one.help or "",
            choices=_choices(
                {place: answer.say for place, answer in enumerate(one.answers)},
                picked.get(one.question),
            ),
        )
        for one in questions_of(card, load_edition(link.edition))
    )


def _choices(answers: Mapping[int, str], picked: int | None) -> tuple[Choice, ...]:
    return tuple(Choice(value, words, value == picked) for value, words in answers.items())


def answers_in(page: FormPage, posted: QueryDict) -> dict[str, int]:
    """What was picked on a page; anything that the page does not offer counts as left out."""
    found = {
        one.name: {str(choice.value): choice.value for choice in one.choices}
        for one in page.questions
    }
    given = {name: values.get(posted.get(name, "")) for name, values in found.items()}
    return {name: value for name, value in given.items() if value is not None}


def next_card(link: FormLink, after: str = "") -> str:
    """The card that follows, or the first that was not sent yet; empty where none is left."""
    if after:
        return next(iter(link.cards[link.cards.index(after) + 1 :]), "")
    draft = Draft(link.draft)
    return next((one for one in link.cards if not draft.was_seen(one)), "")
